package dev.parley.agent.providerkey;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

@ApplicationScoped
class ProviderKeyRepository {
    /** A stored key, as it is encrypted. */
    record Row(UUID id, String provider, String origin, byte[] apiKey, Instant createdAt, String createdBy) {}

    /** Adds a key, or puts it in the place of the one before. */
    void put(Handle handle, TenantId tenant, UUID id, String provider, String origin, byte[] apiKey, String actor) {
        handle.createUpdate("""
                        insert into provider_key (tenant_id, id, provider, origin, api_key, created_by)
                        values (:tenant, :id, :provider, :origin, :apiKey, :actor)
                        on conflict (tenant_id, provider) do update
                        set id = excluded.id, origin = excluded.origin, api_key = excluded.api_key, created_by = excluded.created_by,
                            created_at = now(), updated_at = now()
                        """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("provider", provider)
                .bind("origin", origin)
                .bind("apiKey", apiKey)
                .bind("actor", actor)
                .execute();
    }

    Optional<Row> find(Handle handle, TenantId tenant, String provider) {
        return list(handle, tenant).stream()
                .filter(row -> row.provider().equals(provider))
                .findFirst();
    }

    /** All keys of a tenant: at most one for each provider. */
    List<Row> list(Handle handle, TenantId tenant) {
        return handle.createQuery("""
                        select id, provider, origin, api_key, created_at, created_by from provider_key
                        where tenant_id = :tenant order by provider
                        """)
                .bind("tenant", tenant.value())
                .map((row, context) -> new Row(
                        row.getObject("id", UUID.class),
                        row.getString("provider"),
                        row.getString("origin"),
                        row.getBytes("api_key"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        row.getString("created_by")))
                .list();
    }

    void delete(Handle handle, TenantId tenant, UUID id) {
        handle.createUpdate("delete from provider_key where tenant_id = :tenant and id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .execute();
    }
}
