package dev.parley.billing.invoice;

import dev.parley.billing.money.Money;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.plan.Plan;
import dev.parley.platform.id.Ids;
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
class InvoiceRepository {

    /** Inserts, or updates when this was asked for later than what is stored. */
    void save(Handle handle, TenantId tenant, String provider, ProviderInvoice invoice, Plan plan, long ticket) {
        handle.createUpdate("""
                        insert into app.invoice as i (tenant_id, id, provider, provider_invoice_id, number, status,
                            amount, currency, plan_code, plan_version, period_start, period_end, issued_at, paid_at,
                            fetch_ticket)
                        values (:tenant, :id, :provider, :invoice, :number, :status, :amount, :currency, :plan,
                            :version, :start, :end, :issued, cast(:paid as timestamptz), :ticket)
                        on conflict (tenant_id, provider, provider_invoice_id) do update
                            set number = excluded.number, status = excluded.status, amount = excluded.amount,
                                period_start = excluded.period_start, period_end = excluded.period_end,
                                paid_at = excluded.paid_at, fetch_ticket = excluded.fetch_ticket, updated_at = now()
                            where i.fetch_ticket < excluded.fetch_ticket
                        """)
                .bind("tenant", tenant.value())
                .bind("id", Ids.next())
                .bind("provider", provider)
                .bind("invoice", invoice.id())
                .bind("number", invoice.number())
                .bind("status", invoice.status())
                .bind("amount", invoice.total().amount())
                .bind("currency", invoice.total().currency())
                .bind("plan", plan.code())
                .bind("version", plan.version())
                .bind("start", invoice.periodStart())
                .bind("end", invoice.periodEnd())
                .bind("issued", invoice.issuedAt())
                .bind("paid", invoice.paidAt())
                .bind("ticket", ticket)
                .execute();
    }

    Optional<Invoice> find(Handle handle, UUID id) {
        return handle.createQuery("select * from app.invoice where tenant_id = (select app.tenant()) and id = :id")
                .bind("id", id)
                .map(InvoiceRepository::invoice)
                .findOne();
    }

    /** Newest first, from behind that position. */
    List<Invoice> list(Handle handle, @Nullable Instant beforeTime, @Nullable UUID beforeId, int limit) {
        return handle.createQuery("""
                        select * from app.invoice where tenant_id = (select app.tenant())
                          and (cast(:time as timestamptz) is null
                            or (issued_at, id) < (cast(:time as timestamptz), cast(:id as uuid)))
                        order by issued_at desc, id desc limit :limit
                        """)
                .bind("time", beforeTime)
                .bind("id", beforeId)
                .bind("limit", limit)
                .map(InvoiceRepository::invoice)
                .list();
    }

    private static Invoice invoice(ResultSet row, StatementContext context) throws SQLException {
        OffsetDateTime paid = row.getObject("paid_at", OffsetDateTime.class);
        return new Invoice(
                row.getObject("id", UUID.class),
                row.getString("number"),
                row.getString("status"),
                new Money(row.getLong("amount"), row.getString("currency")),
                row.getString("plan_code"),
                row.getInt("plan_version"),
                row.getString("provider"),
                row.getObject("period_start", OffsetDateTime.class).toInstant(),
                row.getObject("period_end", OffsetDateTime.class).toInstant(),
                row.getObject("issued_at", OffsetDateTime.class).toInstant(),
                paid == null ? null : paid.toInstant());
    }
}
