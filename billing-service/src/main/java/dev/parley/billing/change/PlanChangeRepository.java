package dev.parley.billing.change;

import dev.parley.billing.payment.PlanReference;
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
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class PlanChangeRepository {

    void insert(Handle handle, TenantId tenant, PlanChange change, String currency, String createdBy) {
        handle.createUpdate("""
                        insert into app.plan_change (tenant_id, id, status, timing, provider, provider_subscription_id,
                            from_code, from_version, to_code, to_version, base_credits, at, period_start, period_end,
                            currency, next_check_at, created_by)
                        values (:tenant, :id, 'unknown', :timing, :provider, :subscription, :fromCode, :fromVersion,
                            :toCode, :toVersion, :base, :at, :start, :end, :currency, now() + interval '1 minute', :by)
                        """)
                .bind("tenant", tenant.value())
                .bind("id", change.id())
                .bind("timing", change.now() ? "now" : "period_end")
                .bind("provider", change.provider())
                .bind("subscription", change.providerSubscriptionId())
                .bind("fromCode", change.from().code())
                .bind("fromVersion", change.from().version())
                .bind("toCode", change.to().code())
                .bind("toVersion", change.to().version())
                .bind("base", change.baseCredits())
                .bind("at", change.at())
                .bind("start", change.periodStart())
                .bind("end", change.periodEnd())
                .bind("currency", currency)
                .bind("by", createdBy)
                .execute();
    }

    Optional<PlanChange> unknown(Handle handle) {
        return handle.createQuery(
                        "select * from app.plan_change where tenant_id = (select app.tenant()) and status = 'unknown'")
                .map(PlanChangeRepository::change)
                .findOne();
    }

    Optional<PlanChange> find(Handle handle, UUID id) {
        return handle.createQuery("select * from app.plan_change where tenant_id = (select app.tenant()) and id = :id")
                .bind("id", id)
                .map(PlanChangeRepository::change)
                .findOne();
    }

    /** The changes that took effect at once within one period of a subscription. */
    List<PlanChange> upgrades(Handle handle, String provider, String subscriptionId, Instant periodStart) {
        return handle.createQuery("""
                        select * from app.plan_change where tenant_id = (select app.tenant()) and status = 'done'
                          and timing = 'now' and provider = :provider and provider_subscription_id = :subscription
                          and period_start = :start
                        """)
                .bind("provider", provider)
                .bind("subscription", subscriptionId)
                .bind("start", periodStart)
                .map(PlanChangeRepository::change)
                .list();
    }

    /** Ends an unknown change; false when it has ended before. */
    boolean end(Handle handle, UUID id, PlanChangeStatus status, @Nullable Long charged, @Nullable Long credits) {
        return handle.createUpdate("""
                                update app.plan_change set status = :status, charged = :charged, credits = :credits,
                                    next_check_at = null, updated_at = now()
                                where tenant_id = (select app.tenant()) and id = :id and status = 'unknown'
                                """)
                        .bind("id", id)
                        .bind("status", status.wire())
                        .bind("charged", charged)
                        .bind("credits", credits)
                        .execute()
                == 1;
    }

    /** Whether it is so old that a provider may have forgotten the idempotency key. */
    boolean isOlderThanADay(Handle handle, UUID id) {
        return handle.createQuery("""
                        select created_at < now() - interval '20 hours' from app.plan_change
                        where tenant_id = (select app.tenant()) and id = :id
                        """).bind("id", id).mapTo(Boolean.class).one();
    }

    /** Claims changes to ask about: after 1, 5 and 30 minutes, then every two hours. */
    List<PendingChange> claimUnknown(Handle relay, int limit) {
        return relay.createQuery("""
                        update app.plan_change set attempts = attempts + 1, next_check_at = now() + (array[
                            interval '5 minutes', interval '30 minutes', interval '2 hours'])[least(attempts + 1, 3)]
                        where (tenant_id, id) in (select tenant_id, id from app.plan_change
                            where status = 'unknown' and next_check_at <= now()
                            order by next_check_at limit :limit for update skip locked)
                        returning tenant_id, id
                        """)
                .bind("limit", limit)
                .map((row, context) -> new PendingChange(
                        new TenantId(row.getObject("tenant_id", UUID.class)), row.getObject("id", UUID.class)))
                .list();
    }

    private static PlanChange change(ResultSet row, StatementContext context) throws SQLException {
        return new PlanChange(
                row.getObject("id", UUID.class),
                PlanChangeStatus.ofWire(row.getString("status")),
                row.getString("timing").equals("now"),
                row.getString("provider"),
                row.getString("provider_subscription_id"),
                new PlanReference(row.getString("from_code"), row.getInt("from_version")),
                new PlanReference(row.getString("to_code"), row.getInt("to_version")),
                row.getLong("base_credits"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getObject("period_start", OffsetDateTime.class).toInstant(),
                row.getObject("period_end", OffsetDateTime.class).toInstant(),
                row.getObject("charged", Long.class));
    }
}
