package dev.parley.channel.contact;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The regions that tenants set. */
@ApplicationScoped
class RegionRepository {
    /** Those of all tenants that set one; needs the relay role. */
    Map<TenantId, String> all(Handle acrossTenants) {
        Map<TenantId, String> regions = new HashMap<>();
        acrossTenants
                .createQuery("select tenant_id, default_region from contact_setting")
                .map((row, context) -> Map.entry(
                        new TenantId(row.getObject("tenant_id", UUID.class)), row.getString("default_region")))
                .forEach(one -> regions.put(one.getKey(), one.getValue()));
        return regions;
    }

    /** What the tenant set; nobody else changes it until the transaction ends. */
    Optional<String> lock(Handle handle, TenantId tenant) {
        return handle.createQuery("select default_region from contact_setting where tenant_id = :tenant for update")
                .bind("tenant", tenant.value())
                .mapTo(String.class)
                .findOne();
    }

    Optional<String> find(Handle handle, TenantId tenant) {
        return handle.createQuery("select default_region from contact_setting where tenant_id = :tenant")
                .bind("tenant", tenant.value())
                .mapTo(String.class)
                .findOne();
    }

    void put(Handle handle, TenantId tenant, String region, String by) {
        handle.createUpdate("""
                        insert into contact_setting (tenant_id, default_region, changed_by, created_by)
                        values (:tenant, :region, :by, :by)
                        on conflict (tenant_id) do update
                           set default_region = excluded.default_region, changed_by = excluded.changed_by,
                               updated_at = now()
                        """)
                .bind("tenant", tenant.value())
                .bind("region", region)
                .bind("by", by)
                .execute();
    }

    void remove(Handle handle, TenantId tenant) {
        handle.createUpdate("delete from contact_setting where tenant_id = :tenant")
                .bind("tenant", tenant.value())
                .execute();
    }
}
