package dev.parley.billing.clock;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

@ApplicationScoped
class TenantClockRepository {

    Optional<Duration> ahead(Handle handle) {
        return handle.createQuery("""
                        select extract(epoch from ahead)::bigint from app.tenant_clock
                        where tenant_id = (select app.tenant())
                        """).mapTo(Long.class).findOne().map(Duration::ofSeconds);
    }

    void save(Handle handle, TenantId tenant, Duration ahead, String actor) {
        handle.createUpdate("""
                        insert into app.tenant_clock (tenant_id, ahead, created_by)
                        values (:tenant, make_interval(secs => :seconds), :actor)
                        on conflict (tenant_id) do update set ahead = excluded.ahead, updated_at = now()
                        """)
                .bind("tenant", tenant.value())
                .bind("seconds", ahead.toSeconds())
                .bind("actor", actor)
                .execute();
    }

    /** What was due at a time of the tenant is due that much earlier in ours. */
    void bringForward(Handle handle, Duration by) {
        handle.createUpdate("""
                        update app.subscription set due_at = due_at - make_interval(secs => :seconds)
                        where tenant_id = (select app.tenant()) and due_at is not null
                        """).bind("seconds", by.toSeconds()).execute();
    }

    Optional<String> atProvider(Handle handle, String provider) {
        return handle.createQuery("""
                        select clock_id from app.provider_clock
                        where tenant_id = (select app.tenant()) and provider = :provider
                        """)
                .bind("provider", provider)
                .mapTo(String.class)
                .findOne();
    }

    void saveAtProvider(Handle handle, TenantId tenant, String provider, String clockId) {
        handle.createUpdate("""
                        insert into app.provider_clock (tenant_id, provider, clock_id) values (:tenant, :provider, :clock)
                        on conflict do nothing
                        """)
                .bind("tenant", tenant.value())
                .bind("provider", provider)
                .bind("clock", clockId)
                .execute();
    }
}
