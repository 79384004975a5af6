package dev.parley.billing.payment.razorpay;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

@ApplicationScoped
class EndingRepository {

    /** Notes the wish; one that Razorpay was told of stays as it is. */
    void wish(Handle handle, TenantId tenant, String subscriptionId, Instant endsAt, Instant tellAt) {
        handle.createUpdate("""
                        insert into app.razorpay_ending as e (tenant_id, subscription_id, ends_at, next_attempt_at)
                        values (:tenant, :id, :ends, :tell)
                        on conflict (tenant_id, subscription_id) do update set ends_at = excluded.ends_at,
                            next_attempt_at = excluded.next_attempt_at, attempts = 0, withdrawn_at = null,
                            updated_at = now()
                        where e.told_at is null
                        """)
                .bind("tenant", tenant.value())
                .bind("id", subscriptionId)
                .bind("ends", endsAt)
                .bind("tell", tellAt)
                .execute();
    }

    /** Notes that Razorpay is being told, which nobody takes back; false when the wish was taken back before. */
    boolean telling(Handle handle, String subscriptionId) {
        return handle.createUpdate("""
                        update app.razorpay_ending set telling_at = coalesce(telling_at, now()), updated_at = now()
                        where tenant_id = (select app.tenant()) and subscription_id = :id
                          and told_at is null and withdrawn_at is null
                        """).bind("id", subscriptionId).execute() == 1;
    }

    /** Takes the wish back; one that Razorpay was told of, or is being told, stays. */
    void withdraw(Handle handle, String subscriptionId) {
        handle.createUpdate("""
                        update app.razorpay_ending
                            set withdrawn_at = now(), next_attempt_at = null, updated_at = now()
                        where tenant_id = (select app.tenant()) and subscription_id = :id
                          and telling_at is null and told_at is null and withdrawn_at is null
                        """).bind("id", subscriptionId).execute();
    }

    void told(Handle handle, String subscriptionId) {
        handle.createUpdate("""
                        update app.razorpay_ending
                            set told_at = now(), withdrawn_at = null, next_attempt_at = null, updated_at = now()
                        where tenant_id = (select app.tenant()) and subscription_id = :id and told_at is null
                        """).bind("id", subscriptionId).execute();
    }

    /** The wish that stands. */
    Optional<Ending> find(Handle handle, String subscriptionId) {
        return handle.createQuery("""
                        select tenant_id, subscription_id, ends_at, told_at from app.razorpay_ending
                        where tenant_id = (select app.tenant()) and subscription_id = :id and withdrawn_at is null
                        """)
                .bind("id", subscriptionId)
                .map(EndingRepository::ending)
                .findOne();
    }

    /** Claims wishes that Razorpay is to be told of; each comes back after some time, later and later. */
    List<Ending> claimDue(Handle relay, Instant now, int limit) {
        return relay.createQuery("""
                        update app.razorpay_ending set attempts = attempts + 1, next_attempt_at =
                            cast(:now as timestamptz) + least(interval '1 minute' * power(2, least(attempts, 6)), interval '1 hour')
                        where (tenant_id, subscription_id) in (
                            select tenant_id, subscription_id from app.razorpay_ending
                            where next_attempt_at <= :now
                            order by next_attempt_at limit :limit for update skip locked)
                        returning tenant_id, subscription_id, ends_at, told_at
                        """)
                .bind("now", now)
                .bind("limit", limit)
                .map(EndingRepository::ending)
                .list();
    }

    private static Ending ending(ResultSet row, StatementContext context) throws SQLException {
        return new Ending(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                row.getString("subscription_id"),
                row.getObject("ends_at", OffsetDateTime.class).toInstant(),
                row.getObject("told_at", OffsetDateTime.class) != null);
    }
}
