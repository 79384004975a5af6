package dev.parley.billing.credit;

import dev.parley.billing.money.Money;
import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class CreditRepository {
    /** The reason of a lot's end that gives its price back. */
    static final String REFUNDED = "refund";

    private static final String PAID_LOT = """
        select id, source, credits, expires_at, close_requested_at is null and closed_at is null as open, paid_provider,
            paid_invoice, paid_payment, paid_amount, paid_currency
        from app.credit_lot where tenant_id = (select app.tenant())
        """;

    /** Returns false when this occasion was granted before. */
    boolean insert(Handle handle, TenantId tenant, UUID lotId, CreditGrant grant) {
        LotPayment paid = grant.paid();
        return handle.createUpdate("""
            insert into app.credit_lot
                (tenant_id, id, grant_key, source, credits, expires_at, reason, created_by,
                 paid_provider, paid_invoice, paid_payment, paid_amount, paid_currency)
            values (:tenant, :id, :key, :source, :credits, cast(:expires as timestamptz), :reason, :by,
                :paidProvider, :paidInvoice, :paidPayment, :paidAmount, :paidCurrency)
            on conflict (tenant_id, grant_key) do nothing
            """)
                        .bind("tenant", tenant.value())
                        .bind("id", lotId)
                        .bind("key", grant.grantKey())
                        .bind("source", grant.source().wire())
                        .bind("credits", grant.credits())
                        .bind("expires", grant.expiresAt())
                        .bind("reason", grant.reason())
                        .bind("by", grant.createdBy())
                        .bind("paidProvider", paid == null ? null : paid.provider())
                        .bind("paidInvoice", paid == null ? null : paid.invoiceId())
                        .bind("paidPayment", paid == null ? null : paid.paymentId())
                        .bind(
                                "paidAmount",
                                paid == null ? null : (Long) paid.amount().amount())
                        .bind(
                                "paidCurrency",
                                paid == null ? null : paid.amount().currency())
                        .execute()
                == 1;
    }

    Map<UUID, CreditLot> find(Handle handle, List<UUID> ids) {
        return handle.createQuery("""
            select id, source, credits, expires_at, reason from app.credit_lot
            where tenant_id = (select app.tenant()) and id = any(:ids)
            """).bindArray("ids", UUID.class, ids).map((row, context) -> lot(row)).stream()
                .collect(Collectors.toMap(CreditLot::id, lot -> lot));
    }

    private static CreditLot lot(ResultSet row) throws SQLException {
        return new CreditLot(
                row.getObject("id", UUID.class),
                CreditSource.valueOf(row.getString("source").toUpperCase(Locale.ROOT)),
                row.getLong("credits"),
                Columns.instant(row, "expires_at"),
                row.getString("reason"));
    }

    boolean isGranted(Handle handle, String grantKey) {
        return handle.createQuery("""
            select exists (select from app.credit_lot
                where tenant_id = (select app.tenant()) and grant_key = :key)
            """)
                .bind("key", grantKey)
                .mapTo(Boolean.class)
                .one();
    }

    /** Marks the open trial and plan lots of all occasions but some as closing, and returns them. */
    List<UUID> requestCloseOfPlanLots(Handle handle, Set<String> exceptKeys, String reason) {
        return handle.createQuery("""
            update app.credit_lot set close_requested_at = now(), close_reason = :reason, updated_at = now()
            where tenant_id = (select app.tenant()) and source in ('trial', 'plan')
              and close_requested_at is null and closed_at is null and grant_key <> all(:except)
            returning id
            """)
                .bindArray("except", String.class, List.copyOf(exceptKeys))
                .bind("reason", reason)
                .mapTo(UUID.class)
                .list();
    }

    List<UUID> requestCloseOfExpired(Handle handle, Instant now) {
        return handle.createQuery("""
            update app.credit_lot
            set close_requested_at = now(), close_reason = 'expired', updated_at = now()
            where tenant_id = (select app.tenant()) and expires_at <= :now
              and close_requested_at is null and closed_at is null
            returning id
            """).bind("now", now).mapTo(UUID.class).list();
    }

    /** Marks one lot as closing; false when it is closing or closed already, or not there. */
    boolean requestClose(Handle handle, UUID lotId, String reason) {
        return handle.createUpdate("""
            update app.credit_lot
            set close_requested_at = now(), close_reason = :reason, updated_at = now()
            where tenant_id = (select app.tenant()) and id = :id
              and close_requested_at is null and closed_at is null
            """).bind("id", lotId).bind("reason", reason).execute() == 1;
    }

    Optional<PaidLot> findPaid(Handle handle, UUID lotId) {
        return handle.createQuery(PAID_LOT + "and id = :id")
                .bind("id", lotId)
                .map(CreditRepository::paidLot)
                .findOne();
    }

    /** The newest lot that an invoice of a provider paid for. */
    Optional<PaidLot> findPaidBy(Handle handle, String provider, String invoiceId) {
        return handle.createQuery(
                        PAID_LOT + "and paid_provider = :provider and paid_invoice = :invoice order by id desc limit 1")
                .bind("provider", provider)
                .bind("invoice", invoiceId)
                .map(CreditRepository::paidLot)
                .findOne();
    }

    private static PaidLot paidLot(ResultSet row, StatementContext context) throws SQLException {
        String provider = row.getString("paid_provider");
        return new PaidLot(
                row.getObject("id", UUID.class),
                CreditSource.valueOf(row.getString("source").toUpperCase(Locale.ROOT)),
                row.getLong("credits"),
                Columns.instant(row, "expires_at"),
                row.getBoolean("open"),
                provider == null
                        ? null
                        : new LotPayment(
                                provider,
                                row.getString("paid_invoice"),
                                row.getString("paid_payment"),
                                new Money(row.getLong("paid_amount"), row.getString("paid_currency"))));
    }

    /**
     * Whether a lot is ending by a refund of its price; what such a refund could not give back ends in its time.
     */
    boolean isRefunded(Handle handle, UUID lotId) {
        return handle.createQuery("""
            select coalesce(close_reason = :refunded and close_requested_at is not null, false) from app.credit_lot
            where tenant_id = (select app.tenant()) and id = :id
            """)
                .bind("id", lotId)
                .bind("refunded", REFUNDED)
                .mapTo(Boolean.class)
                .one();
    }

    /** Lets a lot go on that was to end by a refund, without what was free of it; false when it was not ending so. */
    boolean keepRest(Handle handle, UUID lotId, long free) {
        return handle.createUpdate("""
            update app.credit_lot
            set taken = taken + :free, close_requested_at = null, updated_at = now()
            where tenant_id = (select app.tenant()) and id = :id and close_reason = :refunded
              and close_requested_at is not null and closed_at is null
            """)
                        .bind("id", lotId)
                        .bind("free", free)
                        .bind("refunded", REFUNDED)
                        .execute()
                == 1;
    }

    /** Why a lot ends or has ended; null while nobody wants that. */
    @Nullable
    String closeReason(Handle handle, UUID lotId) {
        return handle.createQuery(
                        "select close_reason from app.credit_lot where tenant_id = (select app.tenant()) and id = :id")
                .bind("id", lotId)
                .mapTo(String.class)
                .findOne()
                .orElse(null);
    }

    boolean isAnyPlanLotRefunded(Handle handle, Instant expiresAt) {
        return handle.createQuery("""
            select exists (select from app.credit_lot where tenant_id = (select app.tenant())
                and source = 'plan' and expires_at = :expires and close_reason = :refunded)
            """)
                .bind("expires", expiresAt)
                .bind("refunded", REFUNDED)
                .mapTo(Boolean.class)
                .one();
    }

    /** Returns whether the lot exists, closed before or not. */
    boolean close(Handle handle, UUID lotId, long unspent) {
        return handle.createUpdate("""
            update app.credit_lot set closed_at = coalesce(closed_at, now()),
                unspent = coalesce(unspent, :unspent), updated_at = now()
            where tenant_id = (select app.tenant()) and id = :id
            """)
                        .bind("id", lotId)
                        .bind("unspent", unspent)
                        .execute()
                == 1;
    }

    /** Notes that some of a lot was taken back. */
    void take(Handle handle, UUID lotId, long credits) {
        handle.createUpdate("""
            update app.credit_lot set taken = taken + :credits, updated_at = now()
            where tenant_id = (select app.tenant()) and id = :id
            """).bind("id", lotId).bind("credits", credits).execute();
    }

    /** The tenants that have lots whose time is over, by their own clocks, seen through the relay role. */
    List<TenantId> tenantsWithExpiredLots(Handle relay, Instant now, int limit) {
        return relay.createQuery("""
            select tenant_id from app.credit_lot
            where expires_at <= :now and close_requested_at is null and closed_at is null
            union
            select tenant_id from app.tenant_clock c join app.credit_lot l using (tenant_id)
            where l.expires_at <= cast(:now as timestamptz) + c.ahead
              and l.close_requested_at is null and l.closed_at is null
            limit :limit
            """)
                .bind("now", now)
                .bind("limit", limit)
                .mapTo(UUID.class)
                .map(TenantId::new)
                .list();
    }
}
