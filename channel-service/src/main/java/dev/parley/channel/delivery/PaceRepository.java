package dev.parley.channel.delivery;

import dev.parley.channel.adapter.Rate;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Rows of how far accounts have come in their vendors' allowances; claims move them as they go. */
@ApplicationScoped
class PaceRepository {
    /**
     * Has nothing of an account sent for that time, on any replica; what has a turn in it gets another. Afterwards it is
     * sent at the pace, without a burst.
     */
    void rest(Handle handle, TenantId tenant, UUID account, Rate rate, Duration time) {
        handle.createUpdate("""
            insert into channel_pace as p (tenant_id, channel_account_id, busy_until, queue_until, rests_until)
            values (:tenant, :account, now() + make_interval(secs => :time + :slack),
                    now() + make_interval(secs => :time), now() + make_interval(secs => :time))
            on conflict (tenant_id, channel_account_id) do update
               set busy_until = greatest(p.busy_until, excluded.busy_until),
                   queue_until = greatest(p.queue_until, excluded.queue_until),
                   rests_until = greatest(p.rests_until, excluded.rests_until), updated_at = now()
            """)
                .bind("tenant", tenant.value())
                .bind("account", account)
                .bind("time", time.toMillis() / 1000.0)
                .bind("slack", rate.slack().toMillis() / 1000.0)
                .execute();
    }
}
