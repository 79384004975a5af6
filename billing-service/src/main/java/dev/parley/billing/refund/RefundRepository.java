package dev.parley.billing.refund;

import dev.parley.billing.credit.LotPayment;
import dev.parley.billing.credit.PaidLot;
import dev.parley.billing.money.Money;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class RefundRepository {

    /** Who began a refund, and by which decision; with the second admin's approval when it needed one. */
    record Begun(
            UUID decisionId,
            @Nullable UUID approvalId,
            String requestedBy,
            @Nullable String approvedBy) {}

    /** Writes a refund down whose lot is being closed: policy says how much of it goes back. */
    void insert(Handle handle, TenantId tenant, UUID id, PaidLot lot, WantedRefund wanted, Begun begun) {
        insert(handle, tenant, id, lot.credits(), Objects.requireNonNull(lot.paid()), null, wanted, begun);
    }

    /** Writes a refund down of which it is known how much goes back: the provider is to be asked. */
    void insertOwed(
            Handle handle, TenantId tenant, UUID id, LotPayment paid, long owed, WantedRefund wanted, Begun begun) {
        insert(handle, tenant, id, null, paid, owed, wanted, begun);
    }

    private static void insert(
            Handle handle,
            TenantId tenant,
            UUID id,
            @Nullable Long lotCredits,
            LotPayment paid,
            @Nullable Long owed,
            WantedRefund wanted,
            Begun begun) {
        handle.createUpdate("""
            insert into app.payment_refund (tenant_id, id, lot_id, invoice_id, status, provider, provider_payment,
                paid_amount, currency, lot_credits, amount, next_check_at, reason, decision_id, approval_id, created_by,
                approved_by)
            values (:tenant, :id, cast(:lot as uuid), cast(:invoice as uuid),
                case when cast(:owed as bigint) is null then 'closing' when :owed = 0 then 'nothing' else 'unknown' end,
                :provider, :payment, :amount, :currency, cast(:credits as bigint), cast(:owed as bigint),
                case when :owed > 0 then now() end, :reason, :decision, cast(:approval as uuid), :by, :approvedBy)
            """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("lot", wanted.lotId())
                .bind("invoice", wanted.invoiceId())
                .bind("owed", owed)
                .bind("provider", paid.provider())
                .bind("payment", wanted.providerPayment())
                .bind("amount", paid.amount().amount())
                .bind("currency", paid.amount().currency())
                .bind("credits", lotCredits)
                .bind("reason", wanted.reason())
                .bind("decision", begun.decisionId())
                .bind("approval", begun.approvalId())
                .bind("by", begun.requestedBy())
                .bind("approvedBy", begun.approvedBy())
                .execute();
    }

    /** The newest open lot that one of our invoices paid for. */
    Optional<UUID> lotOfInvoice(Handle handle, UUID invoiceId) {
        return handle.createQuery("""
            select l.id from app.invoice i join app.credit_lot l
              on l.tenant_id = i.tenant_id and l.paid_provider = i.provider
             and l.paid_invoice = i.provider_invoice_id
            where i.tenant_id = (select app.tenant()) and i.id = :invoice order by l.id desc limit 1
            """)
                .bind("invoice", invoiceId)
                .mapTo(UUID.class)
                .findOne();
    }

    /** What was paid for nothing, as an invoice or a lot names it. */
    Optional<UnearnedPayment> unearned(Handle handle, @Nullable UUID lotId, @Nullable UUID invoiceId) {
        return handle.createQuery("""
            select * from app.unearned_invoice where tenant_id = (select app.tenant())
              and (lot_id = cast(:lot as uuid) or lot_id is null and invoice_id = cast(:invoice as uuid))
            """)
                .bind("lot", lotId)
                .bind("invoice", invoiceId)
                .map((row, context) -> new UnearnedPayment(
                        row.getObject("invoice_id", UUID.class),
                        new LotPayment(
                                row.getString("provider"),
                                row.getString("provider_invoice_id"),
                                null,
                                new Money(row.getLong("amount"), row.getString("currency"))),
                        row.getLong("plan_credits"),
                        row.getObject("lot_id", UUID.class),
                        row.getObject("unspent", Long.class)))
                .findOne();
    }

    /** The invoice whose payment a refund gives back; empty for what is bought without one. */
    Optional<UUID> invoiceOf(Handle handle, UUID id) {
        return handle.createQuery("""
            select coalesce(r.invoice_id, i.id) from app.payment_refund r
            left join app.credit_lot l on l.tenant_id = r.tenant_id and l.id = r.lot_id
            left join app.invoice i on i.tenant_id = l.tenant_id and i.provider = l.paid_provider
              and i.provider_invoice_id = l.paid_invoice
            where r.tenant_id = (select app.tenant()) and r.id = :id
            """).bind("id", id).mapTo(UUID.class).findOne();
    }

    /** Whether an upgrade stands on a plan's lot, or may be about to: a later one of its period that was not given back. */
    boolean carriesAnUpgrade(Handle handle, UUID lotId) {
        return handle.createQuery("""
            select exists (
                select from app.credit_lot lot join app.credit_lot upgrade
                  on upgrade.tenant_id = lot.tenant_id and upgrade.expires_at = lot.expires_at
                 and upgrade.id <> lot.id and (upgrade.id > lot.id or lot.grant_key not like 'change:%')
                where lot.tenant_id = (select app.tenant()) and lot.id = :lot and lot.source = 'plan'
                  and upgrade.source = 'plan' and upgrade.grant_key like 'change:%'
                  and not exists (select from app.payment_refund r
                    where r.tenant_id = upgrade.tenant_id and r.lot_id = upgrade.id
                      and r.status <> 'refused')
                union all
                select from app.credit_lot lot join app.plan_change change using (tenant_id)
                where lot.tenant_id = (select app.tenant()) and lot.id = :lot and lot.source = 'plan'
                  and change.status = 'unknown' and change.timing = 'now')
            """).bind("lot", lotId).mapTo(Boolean.class).one();
    }

    Optional<PaymentRefund> find(Handle handle, UUID id) {
        return handle.createQuery(
                        "select * from app.payment_refund where tenant_id = (select app.tenant()) and id = :id")
                .bind("id", id)
                .map(RefundRepository::refund)
                .findOne();
    }

    Optional<PaymentRefund> ofLot(Handle handle, UUID lotId) {
        return handle.createQuery(
                        "select * from app.payment_refund where tenant_id = (select app.tenant()) and lot_id = :lot")
                .bind("lot", lotId)
                .map(RefundRepository::refund)
                .findOne();
    }

    /** The refund of an invoice that brought nothing; one that the provider refused may be tried again. */
    Optional<PaymentRefund> ofInvoice(Handle handle, UUID invoiceId) {
        return handle.createQuery("""
            select * from app.payment_refund where tenant_id = (select app.tenant()) and invoice_id = :invoice
              and status <> 'refused'
            """)
                .bind("invoice", invoiceId)
                .map(RefundRepository::refund)
                .findOne();
    }

    /** Newest first. */
    List<PaymentRefund> list(Handle handle) {
        return handle.createQuery("""
            select * from app.payment_refund where tenant_id = (select app.tenant())
            order by id desc limit 200
            """).map(RefundRepository::refund).list();
    }

    /** What goes back of a lot that policy has closed: the provider is to be asked, or nothing is left to do. */
    void lotClosed(Handle handle, UUID id, long unspent, long amount) {
        handle.createUpdate("""
            update app.payment_refund set unspent = :unspent, amount = :amount,
                status = case when :amount > 0 then 'unknown' else 'nothing' end,
                next_check_at = case when :amount > 0 then now() end, updated_at = now()
            where tenant_id = (select app.tenant()) and id = :id and status = 'closing'
            """)
                .bind("id", id)
                .bind("unspent", unspent)
                .bind("amount", amount)
                .execute();
    }

    /**
     * Notes the provider's answer, and returns the state before; empty when the refund has ended for good. One that was
     * made can only fail after that. A claim puts the next look off, so one that is due is wanted by a webhook, which may
     * know of more than this answer; and what answers a repeated order is what was said the first time.
     */
    Optional<RefundStatus> answered(Handle handle, UUID id, RefundStatus status, @Nullable String providerRefundId) {
        return handle.createQuery("""
            update app.payment_refund as r
            set status = case when r.status = 'done' and :status <> 'refused' then 'done' else :status end,
                provider_refund_id = coalesce(:refund, r.provider_refund_id), attempts = 0,
                next_check_at = case when :status = 'refused' then null
                    when r.next_check_at <= clock_timestamp() then r.next_check_at
                    when r.status = 'unknown' and r.attempts > 1 then now()
                    when :status = 'pending' and r.status <> 'done' then now() + interval '6 hours' end,
                updated_at = now()
            where tenant_id = (select app.tenant()) and id = :id and status in ('unknown', 'pending', 'done')
            returning old.status
            """)
                .bind("id", id)
                .bind("status", status.wire())
                .bind("refund", providerRefundId)
                .mapTo(String.class)
                .map(RefundStatus::ofWire)
                .findOne();
    }

    /** Lets a refund that waits or was made be asked about at once; false when there is none of that name. */
    boolean hurry(Handle relay, String provider, String providerRefundId) {
        return relay.createUpdate("""
            update app.payment_refund set next_check_at = now()
            where provider = :provider and provider_refund_id = :refund and status in ('pending', 'done')
            """)
                        .bind("provider", provider)
                        .bind("refund", providerRefundId)
                        .execute()
                > 0;
    }

    /** Whether an order was made before, and so long ago that the provider may not know its key any more. */
    boolean isTooOldToOrder(Handle handle, UUID id) {
        return handle.createQuery("""
                        select attempts > 1 and created_at < now() - interval '20 hours' from app.payment_refund
                        where tenant_id = (select app.tenant()) and id = :id
                        """).bind("id", id).mapTo(Boolean.class).one();
    }

    /** Claims refunds to ask about: at once, then later and later. */
    List<PendingRefund> claim(Handle relay, int limit) {
        return relay.createQuery("""
            update app.payment_refund set attempts = attempts + 1, next_check_at = now()
                + least(interval '30 seconds' * power(2, least(attempts, 10)), interval '6 hours')
            where (tenant_id, id) in (select tenant_id, id from app.payment_refund
                where status in ('unknown', 'pending', 'done') and next_check_at <= now()
                order by next_check_at limit :limit for update skip locked)
            returning tenant_id, id
            """)
                .bind("limit", limit)
                .map((row, context) -> new PendingRefund(
                        new TenantId(row.getObject("tenant_id", UUID.class)), row.getObject("id", UUID.class)))
                .list();
    }

    private static PaymentRefund refund(ResultSet row, StatementContext context) throws SQLException {
        String currency = row.getString("currency");
        Long amount = row.getObject("amount", Long.class);
        return new PaymentRefund(
                row.getObject("id", UUID.class),
                row.getObject("lot_id", UUID.class),
                row.getObject("invoice_id", UUID.class),
                RefundStatus.ofWire(row.getString("status")),
                row.getString("provider"),
                row.getString("provider_payment"),
                new Money(row.getLong("paid_amount"), currency),
                row.getObject("unspent", Long.class),
                amount == null ? null : new Money(amount, currency),
                row.getString("provider_refund_id"),
                row.getString("reason"),
                row.getObject("decision_id", UUID.class),
                row.getObject("approval_id", UUID.class),
                row.getString("created_by"),
                row.getString("approved_by"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
