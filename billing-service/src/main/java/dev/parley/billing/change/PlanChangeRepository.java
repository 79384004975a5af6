package dev.parley.billing.change;

import dev.parley.billing.money.Money;
import dev.parley.billing.payment.PlanReference;
import dev.parley.billing.payment.ProviderInvoice;
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
                .bind("timing", change.timing().wire())
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

    /** The first change that took effect at once within one period of a subscription, or is about to. */
    Optional<PlanChange> firstUpgrade(Handle handle, String provider, String subscriptionId, Instant periodStart) {
        return handle.createQuery("""
                        select * from app.plan_change where tenant_id = (select app.tenant())
                          and status in ('unknown', 'done') and timing = 'now' and provider = :provider
                          and provider_subscription_id = :subscription and period_start = :start
                        order by id limit 1
                        """)
                .bind("provider", provider)
                .bind("subscription", subscriptionId)
                .bind("start", periodStart)
                .map(PlanChangeRepository::change)
                .findOne();
    }

    /**
     * The change to a plan that a provider's invoice charges: the newest that has no charge yet and began before the
     * invoice was known or issued, by the provider's clock alone. Empty when the invoice paid for something else before.
     */
    Optional<PlanChange> chargedBy(
            Handle handle, String provider, String subscriptionId, PlanReference to, ProviderInvoice invoice) {
        return handle.createQuery("""
                        select c.* from app.plan_change c where c.tenant_id = (select app.tenant())
                          and c.status <> 'done' and c.timing = 'now' and c.provider = :provider
                          and c.provider_subscription_id = :subscription
                          and c.to_code = :code and c.to_version = :version
                          and not exists (select from app.invoice i where i.tenant_id = c.tenant_id
                            and i.provider = c.provider and i.created_at < c.created_at
                            and (i.provider_invoice_id = :invoice or i.issued_at > :issued))
                          and not exists (select from app.plan_change other where other.tenant_id = c.tenant_id
                            and other.provider = c.provider and other.provider_invoice_id = :invoice)
                          and not exists (select from app.credit_lot lot where lot.tenant_id = c.tenant_id
                            and lot.paid_provider = c.provider and lot.paid_invoice = :invoice)
                        order by c.id desc limit 1
                        """)
                .bind("provider", provider)
                .bind("subscription", subscriptionId)
                .bind("code", to.code())
                .bind("version", to.version())
                .bind("invoice", invoice.id())
                .bind("issued", invoice.issuedAt())
                .map(PlanChangeRepository::change)
                .findOne();
    }

    /** Ends an unknown change for which nothing was charged. */
    void end(Handle handle, UUID id, PlanChangeStatus status) {
        handle.createUpdate("""
                        update app.plan_change set status = :status, next_check_at = null, updated_at = now(),
                            charged = case when :status = 'done' then 0 end,
                            credits = case when :status = 'done' then 0 end
                        where tenant_id = (select app.tenant()) and id = :id and status = 'unknown'
                        """).bind("id", id).bind("status", status.wire()).execute();
    }

    /** Notes that a change was made and charged, also one that was thought not to be made. */
    void charged(Handle handle, UUID id, ProviderInvoice invoice, long credits) {
        handle.createUpdate("""
                        update app.plan_change set status = 'done', provider_invoice_id = :invoice, charged = :charged,
                            credits = :credits, next_check_at = null, updated_at = now()
                        where tenant_id = (select app.tenant()) and id = :id
                        """)
                .bind("id", id)
                .bind("invoice", invoice.id())
                .bind("charged", Math.max(0, invoice.total().amount()))
                .bind("credits", credits)
                .execute();
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
        Long charged = row.getObject("charged", Long.class);
        return new PlanChange(
                row.getObject("id", UUID.class),
                PlanChangeStatus.ofWire(row.getString("status")),
                PlanChangeTiming.ofWire(row.getString("timing")),
                row.getString("provider"),
                row.getString("provider_subscription_id"),
                new PlanReference(row.getString("from_code"), row.getInt("from_version")),
                new PlanReference(row.getString("to_code"), row.getInt("to_version")),
                row.getLong("base_credits"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getObject("period_start", OffsetDateTime.class).toInstant(),
                row.getObject("period_end", OffsetDateTime.class).toInstant(),
                charged == null ? null : new Money(charged, row.getString("currency")));
    }
}
