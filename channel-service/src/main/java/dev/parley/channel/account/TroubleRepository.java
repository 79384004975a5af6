package dev.parley.channel.account;

import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of what vendors complain of. */
@ApplicationScoped
class TroubleRepository {
    private static final double MILLIS = 1000.0;

    void note(Handle handle, TenantId tenant, UUID account, String reason, @Nullable Duration pause) {
        handle.createUpdate("""
                        insert into channel_trouble (tenant_id, channel_account_id, reason, paused_until)
                        values (:tenant, :account, :reason,
                                now() + make_interval(secs => cast(:pause as double precision)))
                        on conflict (tenant_id, channel_account_id) do update
                           set reason = excluded.reason, updated_at = now(),
                               paused_until = greatest(channel_trouble.paused_until, excluded.paused_until)
                        """)
                .bind("tenant", tenant.value())
                .bind("account", account)
                .bind("reason", reason)
                .bind("pause", pause == null ? null : pause.toMillis() / MILLIS)
                .execute();
    }

    /** Forgets a complaint, unless there was a new one since that has the account rest. */
    void taken(Handle handle, TenantId tenant, UUID account) {
        handle.createUpdate("""
                        delete from channel_trouble
                         where tenant_id = :tenant and channel_account_id = :account
                           and (paused_until is null or paused_until <= now())
                        """)
                .bind("tenant", tenant.value())
                .bind("account", account)
                .execute();
    }

    void over(Handle handle, TenantId tenant, UUID account) {
        handle.createUpdate("delete from channel_trouble where tenant_id = :tenant and channel_account_id = :account")
                .bind("tenant", tenant.value())
                .bind("account", account)
                .execute();
    }

    Optional<ChannelTrouble> find(Handle handle, TenantId tenant, UUID account) {
        return handle.createQuery("""
                        select reason, paused_until from channel_trouble
                         where tenant_id = :tenant and channel_account_id = :account
                        """)
                .bind("tenant", tenant.value())
                .bind("account", account)
                .map((row, context) ->
                        new ChannelTrouble(row.getString("reason"), Columns.instant(row, "paused_until")))
                .findOne();
    }
}
