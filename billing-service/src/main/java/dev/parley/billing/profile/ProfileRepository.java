package dev.parley.billing.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

@ApplicationScoped
class ProfileRepository {
    private final ObjectMapper json;

    ProfileRepository(ObjectMapper json) {
        this.json = json;
    }

    Optional<BillingProfile> find(Handle handle) {
        return handle.createQuery("select * from app.billing_profile where tenant_id = (select app.tenant())")
                .map((row, context) -> new BillingProfile(
                        row.getString("name"),
                        address(row.getString("address")),
                        row.getString("country"),
                        row.getString("vat_id"),
                        row.getString("gstin"),
                        row.getString("email")))
                .findOne();
    }

    void save(Handle handle, TenantId tenant, BillingProfile profile, String by) {
        handle.createUpdate("""
                        insert into app.billing_profile (tenant_id, name, address, country, vat_id, gstin, email, updated_by)
                        values (:tenant, :name, cast(:address as jsonb), :country, :vat, :gstin, :email, :by)
                        on conflict (tenant_id) do update
                            set name = excluded.name, address = excluded.address, country = excluded.country,
                                vat_id = excluded.vat_id, gstin = excluded.gstin, email = excluded.email,
                                updated_by = excluded.updated_by, updated_at = now()
                        """)
                .bind("tenant", tenant.value())
                .bind("name", profile.name())
                .bind("address", json.valueToTree(profile.address()).toString())
                .bind("country", profile.country())
                .bind("vat", profile.vatId())
                .bind("gstin", profile.gstin())
                .bind("email", profile.email())
                .bind("by", by)
                .execute();
    }

    private Address address(String text) {
        try {
            return json.readValue(text, Address.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
