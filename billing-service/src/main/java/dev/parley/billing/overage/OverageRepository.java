package dev.parley.billing.overage;

import dev.parley.billing.money.Money;
import dev.parley.billing.payment.PlanReference;
import dev.parley.billing.payment.ProviderOverage;
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
class OverageRepository {

    /** Returns false when the period was frozen before. */
    boolean insert(Handle handle, TenantId tenant, OverageCharge charge, OveragePeriod period) {
        OveragePayer payer = charge.payer();
        return handle.createUpdate("""
                        insert into app.overage_charge (tenant_id, id, occasion, status, own_invoice, plan_code,
                            plan_version, period_start, period_end, credits, amount, currency, provider,
                            provider_customer_id, provider_subscription_id, next_check_at)
                        values (:tenant, :id, :occasion, :status, :own, :plan, :version, :start, :end, :credits, :amount,
                            :currency, :provider, :customer, :subscription, case when :status = 'unknown' then now() end)
                        on conflict (tenant_id, occasion) do nothing
                        """)
                        .bind("tenant", tenant.value())
                        .bind("id", charge.id())
                        .bind("occasion", period.occasion())
                        .bind("status", charge.status().wire())
                        .bind("own", payer != null && payer.ownInvoice())
                        .bind("plan", charge.plan().code())
                        .bind("version", charge.plan().version())
                        .bind("start", period.start())
                        .bind("end", period.end())
                        .bind("credits", charge.credits())
                        .bind("amount", charge.amount().amount())
                        .bind("currency", charge.amount().currency())
                        .bind("provider", payer == null ? null : payer.provider())
                        .bind("customer", payer == null ? null : payer.customerId())
                        .bind("subscription", payer == null ? null : payer.subscriptionId())
                        .execute()
                == 1;
    }

    /** Credits of the debt for which a charge is under way: what is charged later is beyond them. */
    long underWay(Handle handle) {
        return handle.createQuery("""
                        select coalesce(sum(credits), 0)::bigint from app.overage_charge
                        where tenant_id = (select app.tenant()) and status in ('waiting', 'unknown', 'ordered')
                        """).mapTo(Long.class).one();
    }

    /** The plans that upgrades within the period that ends then began at. */
    List<PlanReference> upgradedFrom(Handle handle, Instant periodEnd) {
        return handle.createQuery("""
                        select distinct from_code, from_version from app.plan_change
                        where tenant_id = (select app.tenant()) and timing = 'now' and status = 'done'
                          and period_end = :end
                        """)
                .bind("end", periodEnd)
                .map((row, context) -> new PlanReference(row.getString("from_code"), row.getInt("from_version")))
                .list();
    }

    /** Charges that wait for somebody to charge get a payer. */
    void adopt(Handle handle, OveragePayer payer, String currency) {
        handle.createUpdate("""
                        update app.overage_charge set status = 'unknown', provider = :provider,
                            provider_customer_id = :customer, provider_subscription_id = :subscription,
                            next_check_at = now(), updated_at = now()
                        where tenant_id = (select app.tenant()) and status = 'waiting' and currency = :currency
                        """)
                .bind("provider", payer.provider())
                .bind("customer", payer.customerId())
                .bind("subscription", payer.subscriptionId())
                .bind("currency", currency)
                .execute();
    }

    /** What no invoice of an ended subscription carries any more is ordered with an invoice of its own. */
    void orderAlone(Handle handle, String provider, String subscriptionId) {
        handle.createUpdate("""
                        update app.overage_charge set status = 'unknown', own_invoice = true, attempts = 0,
                            next_check_at = now(), updated_at = now()
                        where tenant_id = (select app.tenant()) and status in ('unknown', 'ordered')
                          and not own_invoice and provider_invoice_id is null
                          and provider = :provider and provider_subscription_id = :subscription
                        """)
                .bind("provider", provider)
                .bind("subscription", subscriptionId)
                .execute();
    }

    Optional<OverageCharge> find(Handle handle, UUID id) {
        return handle.createQuery(
                        "select * from app.overage_charge where tenant_id = (select app.tenant()) and id = :id")
                .bind("id", id)
                .map(OverageRepository::charge)
                .findOne();
    }

    /** Holds a charge that is not paid until the transaction ends. */
    Optional<OverageCharge> lockUnpaid(Handle handle, UUID id) {
        return handle.createQuery("""
                        select * from app.overage_charge
                        where tenant_id = (select app.tenant()) and id = :id and status <> 'paid' for update
                        """)
                .bind("id", id)
                .map(OverageRepository::charge)
                .findOne();
    }

    /** Notes what the provider made of an order, unless it was ordered anew or is paid meanwhile. */
    void answered(Handle handle, OverageCharge asked, ProviderOverage answer) {
        handle.createUpdate("""
                        update app.overage_charge set status = 'ordered', provider_item_id = :item,
                            provider_invoice_id = coalesce(:invoice, provider_invoice_id), attempts = 0,
                            next_check_at = case when cast(:invoice as text) is null then now() + interval '6 hours'
                                else now() end,
                            updated_at = now()
                        where tenant_id = (select app.tenant()) and id = :id and status = 'unknown'
                          and own_invoice = :own
                        """)
                .bind("id", asked.id())
                .bind("item", answer.id())
                .bind("invoice", answer.invoiceId())
                .bind("own", asked.payer() != null && asked.payer().ownInvoice())
                .execute();
    }

    /** Notes that the provider refused an order, unless it was ordered anew meanwhile. */
    void refused(Handle handle, OverageCharge asked) {
        handle.createUpdate("""
                        update app.overage_charge set status = 'refused', next_check_at = null, updated_at = now()
                        where tenant_id = (select app.tenant()) and id = :id and status in ('unknown', 'ordered')
                          and own_invoice = :own
                        """)
                .bind("id", asked.id())
                .bind("own", asked.payer() != null && asked.payer().ownInvoice())
                .execute();
    }

    void end(Handle handle, UUID id, OverageStatus status) {
        handle.createUpdate("""
                        update app.overage_charge set status = :status, next_check_at = null, updated_at = now()
                        where tenant_id = (select app.tenant()) and id = :id and status in ('unknown', 'ordered')
                        """).bind("id", id).bind("status", status.wire()).execute();
    }

    void paid(Handle handle, UUID id, String invoiceId, UUID lotId, Instant at) {
        handle.createUpdate("""
                        update app.overage_charge set status = 'paid', provider_invoice_id = :invoice, lot_id = :lot,
                            paid_at = :at, next_check_at = null, updated_at = now()
                        where tenant_id = (select app.tenant()) and id = :id
                        """)
                .bind("id", id)
                .bind("invoice", invoiceId)
                .bind("lot", lotId)
                .bind("at", at)
                .execute();
    }

    void invoiced(Handle handle, UUID id, String invoiceId) {
        handle.createUpdate("""
                        update app.overage_charge set provider_invoice_id = :invoice, updated_at = now()
                        where tenant_id = (select app.tenant()) and id = :id
                          and provider_invoice_id is distinct from :invoice
                        """).bind("id", id).bind("invoice", invoiceId).execute();
    }

    /** Where the tenant's running period ends; empty when none runs. */
    Optional<Instant> periodEnd(Handle handle) {
        return handle.createQuery("""
                        select current_period_end from app.subscription
                        where tenant_id = (select app.tenant()) and status in ('active', 'past_due')
                        """)
                .map((row, context) -> row.getObject("current_period_end", OffsetDateTime.class)
                        .toInstant())
                .findOne();
    }

    long nextTicket(Handle handle) {
        return handle.createQuery("select nextval('app.provider_fetch_seq')")
                .mapTo(Long.class)
                .one();
    }

    Optional<TenantId> tenantOf(Handle relay, UUID id) {
        return relay.createQuery("select tenant_id from app.overage_charge where id = :id")
                .bind("id", id)
                .mapTo(UUID.class)
                .map(TenantId::new)
                .findOne();
    }

    /** Claims charges to ask about: at once, then later and later. */
    List<PendingOverage> claim(Handle relay, int limit) {
        return relay.createQuery("""
                        update app.overage_charge set attempts = attempts + 1, next_check_at = now()
                            + least(interval '30 seconds' * power(2, least(attempts, 10)), interval '6 hours')
                        where (tenant_id, id) in (select tenant_id, id from app.overage_charge
                            where status in ('unknown', 'ordered') and next_check_at <= now()
                            order by next_check_at limit :limit for update skip locked)
                        returning tenant_id, id
                        """)
                .bind("limit", limit)
                .map((row, context) -> new PendingOverage(
                        new TenantId(row.getObject("tenant_id", UUID.class)), row.getObject("id", UUID.class)))
                .list();
    }

    /** The charges of one tenant that nobody has answered. */
    List<UUID> unknown(Handle handle) {
        return handle.createQuery("""
                        select id from app.overage_charge
                        where tenant_id = (select app.tenant()) and status = 'unknown' order by id
                        """).mapTo(UUID.class).list();
    }

    private static OverageCharge charge(ResultSet row, StatementContext context) throws SQLException {
        String provider = row.getString("provider");
        return new OverageCharge(
                row.getObject("id", UUID.class),
                OverageStatus.ofWire(row.getString("status")),
                new PlanReference(row.getString("plan_code"), row.getInt("plan_version")),
                row.getLong("credits"),
                new Money(row.getLong("amount"), row.getString("currency")),
                provider == null
                        ? null
                        : new OveragePayer(
                                provider,
                                row.getString("provider_customer_id"),
                                row.getString("provider_subscription_id"),
                                row.getBoolean("own_invoice")),
                row.getString("provider_item_id"),
                row.getString("provider_invoice_id"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
