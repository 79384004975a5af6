package dev.parley.billing.subscription;

import dev.parley.billing.payment.PlanReference;
import dev.parley.billing.payment.SubscriptionStatus;
import dev.parley.platform.data.Columns;
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
class SubscriptionRepository {

    /** Holds the tenant's subscription until the transaction ends, whether the row exists or not. */
    Optional<Subscription> lock(Handle handle, TenantId tenant) {
        handle.createQuery(
                        "select 1 from (select pg_advisory_xact_lock(hashtextextended('subscription:' || :tenant, 0))) l")
                .bind("tenant", tenant.toString())
                .mapTo(Integer.class)
                .one();
        return find(handle);
    }

    Optional<Subscription> find(Handle handle) {
        return handle.createQuery("select * from app.subscription where tenant_id = (select app.tenant())")
                .map(SubscriptionRepository::subscription)
                .findOne();
    }

    void save(Handle handle, TenantId tenant, Subscription subscription, @Nullable Instant dueAt, String cause) {
        handle.createUpdate("""
                        insert into app.subscription (tenant_id, version, status, plan_code, plan_version, provider,
                            provider_customer_id, provider_subscription_id, provider_created_at, current_period_start,
                            current_period_end, cancel_at_period_end, trial_end, past_due_since, pending_plan_code,
                            pending_plan_version, due_at)
                        values (:tenant, :version, :status, :plan, :planVersion, :provider, :customer, :subscription,
                            cast(:providerCreated as timestamptz), :start, :end, :cancel, cast(:trialEnd as timestamptz),
                            cast(:pastDue as timestamptz), :pendingCode, :pendingVersion, cast(:due as timestamptz))
                        on conflict (tenant_id) do update set version = excluded.version, status = excluded.status,
                            plan_code = excluded.plan_code, plan_version = excluded.plan_version,
                            provider = excluded.provider, provider_customer_id = excluded.provider_customer_id,
                            provider_subscription_id = excluded.provider_subscription_id,
                            provider_created_at = excluded.provider_created_at,
                            current_period_start = excluded.current_period_start,
                            current_period_end = excluded.current_period_end,
                            cancel_at_period_end = excluded.cancel_at_period_end, trial_end = excluded.trial_end,
                            past_due_since = excluded.past_due_since,
                            pending_plan_code = excluded.pending_plan_code,
                            pending_plan_version = excluded.pending_plan_version,
                            due_at = excluded.due_at, updated_at = now()
                        """)
                .bind("tenant", tenant.value())
                .bind("version", subscription.version())
                .bind("status", subscription.status().wire())
                .bind("plan", subscription.planCode())
                .bind("planVersion", subscription.planVersion())
                .bind("provider", subscription.provider())
                .bind("customer", subscription.providerCustomerId())
                .bind("subscription", subscription.providerSubscriptionId())
                .bind("providerCreated", subscription.providerCreatedAt())
                .bind("start", subscription.periodStart())
                .bind("end", subscription.periodEnd())
                .bind("cancel", subscription.cancelAtPeriodEnd())
                .bind("trialEnd", subscription.trialEnd())
                .bind("pastDue", subscription.pastDueSince())
                .bind(
                        "pendingCode",
                        subscription.pending() == null
                                ? null
                                : subscription.pending().code())
                .bind(
                        "pendingVersion",
                        subscription.pending() == null
                                ? null
                                : (Integer) subscription.pending().version())
                .bind("due", dueAt)
                .execute();
        handle.createUpdate("""
                        insert into app.subscription_history
                            (tenant_id, version, status, plan_code, plan_version, cause)
                        values (:tenant, :version, :status, :plan, :planVersion, :cause)
                        """)
                .bind("tenant", tenant.value())
                .bind("version", subscription.version())
                .bind("status", subscription.status().wire())
                .bind("plan", subscription.planCode())
                .bind("planVersion", subscription.planVersion())
                .bind("cause", cause)
                .execute();
    }

    /** When an unchanged subscription is to be looked at next. */
    void lookAgain(Handle handle, @Nullable Instant dueAt) {
        handle.createUpdate("""
                        update app.subscription set due_at = cast(:due as timestamptz), updated_at = now()
                        where tenant_id = (select app.tenant()) and due_at is distinct from cast(:due as timestamptz)
                        """).bind("due", dueAt).execute();
    }

    /** The tenants whose overage was not looked at yet for a period that ends by then, by their own clocks. */
    List<TenantId> tenantsToFreeze(Handle relay, Instant end, int limit) {
        return relay.createQuery("""
                        with ending as not materialized (
                            select tenant_id, plan_code, plan_version, current_period_end from app.subscription
                            where provider is not null and status in ('active', 'past_due')
                              and not cancel_at_period_end
                              and overage_frozen_for is distinct from current_period_end)
                        select e.tenant_id from (
                            select * from ending where current_period_end <= :end
                            union
                            select n.* from app.tenant_clock c join ending n using (tenant_id)
                            where n.current_period_end <= cast(:end as timestamptz) + c.ahead) e
                        join app.plan_version v on v.plan_code = e.plan_code and v.version = e.plan_version
                        where v.overage_mode = 'charge_up_to_cap'
                        limit :limit
                        """)
                .bind("end", end)
                .bind("limit", limit)
                .mapTo(UUID.class)
                .map(TenantId::new)
                .list();
    }

    /** Notes that the overage of the running period was looked at. */
    void isFrozen(Handle handle) {
        handle.createUpdate("""
                        update app.subscription set overage_frozen_for = current_period_end, updated_at = now()
                        where tenant_id = (select app.tenant())
                        """).execute();
    }

    long nextTicket(Handle handle) {
        return handle.createQuery("select nextval('app.provider_fetch_seq')")
                .mapTo(Long.class)
                .one();
    }

    /**
     * Notes when a provider's subscription was asked for; false when it was asked for later before, or another one has
     * replaced it for good.
     */
    boolean isNewsOf(Handle handle, TenantId tenant, String provider, String subscriptionId, long ticket) {
        return handle.createQuery("""
                        insert into app.provider_subscription as p
                            (tenant_id, provider, provider_subscription_id, fetch_ticket)
                        values (:tenant, :provider, :id, :ticket)
                        on conflict (tenant_id, provider, provider_subscription_id) do update
                            set fetch_ticket = excluded.fetch_ticket, updated_at = now()
                            where p.fetch_ticket < excluded.fetch_ticket and p.superseded_at is null
                        returning fetch_ticket
                        """)
                .bind("tenant", tenant.value())
                .bind("provider", provider)
                .bind("id", subscriptionId)
                .bind("ticket", ticket)
                .mapTo(Long.class)
                .findOne()
                .isPresent();
    }

    /** Marks a subscription as replaced for good, to be cancelled at its provider, at once or with its period. */
    void supersede(Handle handle, String provider, String subscriptionId, boolean atPeriodEnd) {
        handle.createUpdate("""
                        update app.provider_subscription
                            set superseded_at = now(), at_period_end = :atPeriodEnd, next_attempt_at = now(),
                                updated_at = now()
                        where tenant_id = (select app.tenant()) and provider = :provider
                          and provider_subscription_id = :id and superseded_at is null
                        """)
                .bind("provider", provider)
                .bind("id", subscriptionId)
                .bind("atPeriodEnd", atPeriodEnd)
                .execute();
    }

    void supersededIsCancelled(Handle handle, String provider, String subscriptionId) {
        handle.createUpdate("""
                        update app.provider_subscription
                            set cancelled_at = now(), next_attempt_at = null, updated_at = now()
                        where tenant_id = (select app.tenant()) and provider = :provider
                          and provider_subscription_id = :id
                        """)
                .bind("provider", provider)
                .bind("id", subscriptionId)
                .execute();
    }

    void requestTrial(Handle handle, TenantId tenant) {
        handle.createUpdate("insert into app.trial_request (tenant_id) values (:tenant) on conflict do nothing")
                .bind("tenant", tenant.value())
                .execute();
    }

    void trialIsStarted(Handle handle) {
        handle.createUpdate("update app.trial_request set due_at = null where tenant_id = (select app.tenant())")
                .execute();
    }

    /** Claims tenants whose trial waits for its plan; each comes back after some seconds unless it was started. */
    List<TenantId> claimTrialRequests(Handle relay, int limit) {
        return relay.createQuery("""
                        update app.trial_request set due_at = now() + interval '10 seconds'
                        where tenant_id in (select tenant_id from app.trial_request where due_at <= now()
                            order by due_at limit :limit for update skip locked)
                        returning tenant_id
                        """)
                .bind("limit", limit)
                .mapTo(UUID.class)
                .map(TenantId::new)
                .list();
    }

    /** Claims subscriptions that are due; each comes back after ten minutes unless it changes before. */
    List<DueSubscription> claimDue(Handle relay, int limit) {
        return relay.createQuery("""
                        update app.subscription set due_at = now() + interval '10 minutes'
                        where tenant_id in (select tenant_id from app.subscription where due_at <= now()
                            order by due_at limit :limit for update skip locked)
                        returning tenant_id, provider, provider_subscription_id, false as at_period_end
                        """)
                .bind("limit", limit)
                .map(SubscriptionRepository::due)
                .list();
    }

    /** Claims replaced subscriptions that are still to be cancelled; each comes back later and later. */
    List<DueSubscription> claimSuperseded(Handle relay, int limit) {
        return relay.createQuery("""
                        update app.provider_subscription set attempts = attempts + 1,
                            next_attempt_at = now() + least(interval '1 minute' * power(2, attempts), interval '6 hours')
                        where (tenant_id, provider, provider_subscription_id) in (
                            select tenant_id, provider, provider_subscription_id from app.provider_subscription
                            where next_attempt_at <= now()
                            order by next_attempt_at limit :limit for update skip locked)
                        returning tenant_id, provider, provider_subscription_id, at_period_end
                        """)
                .bind("limit", limit)
                .map(SubscriptionRepository::due)
                .list();
    }

    Optional<TenantId> tenantOf(Handle relay, String provider, String subscriptionId) {
        return relay.createQuery("""
                        select tenant_id from app.subscription
                        where provider = :provider and provider_subscription_id = :id
                        """)
                .bind("provider", provider)
                .bind("id", subscriptionId)
                .mapTo(UUID.class)
                .map(TenantId::new)
                .findFirst();
    }

    private static DueSubscription due(ResultSet row, StatementContext context) throws SQLException {
        return new DueSubscription(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                row.getString("provider"),
                row.getString("provider_subscription_id"),
                row.getBoolean("at_period_end"));
    }

    private static Subscription subscription(ResultSet row, StatementContext context) throws SQLException {
        return new Subscription(
                row.getLong("version"),
                SubscriptionStatus.ofWire(row.getString("status")),
                row.getString("plan_code"),
                row.getInt("plan_version"),
                row.getString("provider"),
                row.getString("provider_customer_id"),
                row.getString("provider_subscription_id"),
                Columns.instant(row, "provider_created_at"),
                row.getObject("current_period_start", OffsetDateTime.class).toInstant(),
                row.getObject("current_period_end", OffsetDateTime.class).toInstant(),
                row.getBoolean("cancel_at_period_end"),
                Columns.instant(row, "trial_end"),
                Columns.instant(row, "past_due_since"),
                row.getString("pending_plan_code") == null
                        ? null
                        : new PlanReference(row.getString("pending_plan_code"), row.getInt("pending_plan_version")));
    }
}
