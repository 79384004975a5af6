package dev.parley.billing.invoice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.billing.money.Money;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.plan.Plan;
import dev.parley.billing.tax.Seller;
import dev.parley.billing.tax.TaxLine;
import dev.parley.billing.tax.TaxRules;
import dev.parley.billing.tax.TaxShare;
import dev.parley.billing.tax.TaxedAmount;
import dev.parley.platform.data.Columns;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class InvoiceRepository {
    private static final TypeReference<List<TaxLine>> TAXES = new TypeReference<>() {};
    private static final TypeReference<List<InvoiceOverage>> OVERAGE = new TypeReference<>() {};
    private static final TypeReference<List<String>> NOTES = new TypeReference<>() {};

    private final ObjectMapper json;

    InvoiceRepository(ObjectMapper json) {
        this.json = json;
    }

    /** What is stored of an invoice that was just saved. */
    record Stored(UUID id, boolean issued, boolean paidBefore) {}

    /** An invoice whose receipt is to be sent. */
    record Due(TenantId tenant, UUID invoice) {}

    /** Inserts, or updates when this was asked for later than what is stored; empty when it was not. */
    Optional<Stored> save(
            Handle handle, TenantId tenant, String provider, ProviderInvoice invoice, Plan plan, long ticket) {
        return handle.createQuery("""
                        insert into app.invoice as i (tenant_id, id, provider, provider_invoice_id, number, status,
                            amount, currency, plan_code, plan_version, period_start, period_end, issued_at, paid_at,
                            provider_subscription_id, fetch_ticket)
                        values (:tenant, :id, :provider, :invoice, :number, :status, :amount, :currency, :plan,
                            :version, :start, :end, :issued, cast(:paid as timestamptz), :subscription, :ticket)
                        on conflict (tenant_id, provider, provider_invoice_id) do update
                            set number = excluded.number, status = excluded.status, amount = excluded.amount,
                                period_start = excluded.period_start, period_end = excluded.period_end,
                                paid_at = excluded.paid_at,
                                provider_subscription_id = excluded.provider_subscription_id, fetch_ticket = excluded.fetch_ticket, updated_at = now()
                            where i.fetch_ticket < excluded.fetch_ticket
                        returning new.id, new.own_number is not null as issued,
                            coalesce(old.status = 'paid', false) as paid_before
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
                .bind("subscription", invoice.subscriptionId())
                .bind("ticket", ticket)
                .map((row, context) -> new Stored(
                        row.getObject("id", UUID.class), row.getBoolean("issued"), row.getBoolean("paid_before")))
                .findOne();
    }

    /** The next number of the tenant in that year. Whoever issues at the same moment waits: a rollback leaves no gap. */
    int nextNumber(Handle handle, TenantId tenant, int year) {
        return handle.createQuery("""
                        insert into app.invoice_number as n (tenant_id, year, last) values (:tenant, :year, 1)
                        on conflict (tenant_id, year) do update set last = n.last + 1, updated_at = now()
                        returning last
                        """)
                .bind("tenant", tenant.value())
                .bind("year", year)
                .mapTo(Integer.class)
                .one();
    }

    /** The same lines with the periods in which the credits were used, where the charges are known. */
    List<InvoiceOverage> inTheirPeriods(Handle handle, List<InvoiceOverage> lines) {
        return lines.stream()
                .map(line -> handle.createQuery("""
                                select period_start, period_end from app.overage_charge
                                where tenant_id = (select app.tenant()) and id = :id
                                """)
                        .bind("id", line.chargeId())
                        .map((row, context) -> new InvoiceOverage(
                                line.chargeId(),
                                line.description(),
                                row.getObject("period_start", OffsetDateTime.class)
                                        .toInstant(),
                                row.getObject("period_end", OffsetDateTime.class)
                                        .toInstant(),
                                line.net()))
                        .findOne()
                        .orElse(line))
                .toList();
    }

    void issue(
            Handle handle,
            UUID id,
            InvoiceNumber number,
            String description,
            TaxedAmount amount,
            List<InvoiceOverage> overage) {
        handle.createUpdate("""
                        update app.invoice set own_number = :number, number_year = :year, number_seq = :sequence,
                            description = :description, net = :net, taxes = cast(:taxes as jsonb),
                            tax_notes = cast(:notes as jsonb), place_of_supply = :place,
                            overage = cast(:overage as jsonb), updated_at = now()
                        where tenant_id = (select app.tenant()) and id = :id
                        """)
                .bind("id", id)
                .bind("number", number.text())
                .bind("year", number.year())
                .bind("sequence", number.sequence())
                .bind("description", description)
                .bind("net", amount.net())
                .bind("taxes", write(amount.taxes()))
                .bind("notes", write(amount.notes()))
                .bind("place", amount.placeOfSupply())
                .bind("overage", write(overage))
                .execute();
    }

    void saveParties(Handle handle, TenantId tenant, UUID id, Seller seller, Buyer buyer) {
        handle.createUpdate("""
                        insert into app.invoice_party (tenant_id, invoice_id, seller, buyer)
                        values (:tenant, :id, cast(:seller as jsonb), cast(:buyer as jsonb))
                        """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("seller", write(seller))
                .bind("buyer", write(buyer))
                .execute();
    }

    void receiptIsDue(Handle handle, UUID id) {
        handle.createUpdate("""
                        update app.invoice set receipt_due_at = now()
                        where tenant_id = (select app.tenant()) and id = :id and own_number is not null
                        """).bind("id", id).execute();
    }

    /**
     * An issued invoice, held until the transaction ends, so that one credit note after another is issued for it.
     *
     * @param credited how much of it went back by credit notes that are not void
     */
    record Issued(TaxedAmount amount, long credited) {}

    /** Locks an issued invoice; empty for one that is not issued. */
    Optional<Issued> lockIssued(Handle handle, UUID id) {
        handle.createQuery("select 1 from app.invoice where tenant_id = (select app.tenant()) and id = :id for update")
                .bind("id", id)
                .mapTo(Integer.class)
                .one();
        return handle.createQuery("""
                        select net, taxes, tax_notes, place_of_supply,
                            (select coalesce(sum(amount), 0)::bigint from app.credit_note n
                             where n.tenant_id = i.tenant_id and n.invoice_id = i.id and n.status <> 'void') as credited
                        from app.invoice i
                        where tenant_id = (select app.tenant()) and id = :id and own_number is not null
                        """)
                .bind("id", id)
                .map((row, context) -> new Issued(
                        new TaxedAmount(
                                row.getLong("net"),
                                read(row.getString("taxes"), TAXES),
                                read(row.getString("tax_notes"), NOTES),
                                row.getString("place_of_supply")),
                        row.getLong("credited")))
                .findOne();
    }

    /** The next number of a credit note of the tenant in that year. A rollback leaves no gap. */
    int nextCreditNumber(Handle handle, TenantId tenant, int year) {
        return handle.createQuery("""
                        insert into app.credit_note_number as n (tenant_id, year, last) values (:tenant, :year, 1)
                        on conflict (tenant_id, year) do update set last = n.last + 1, updated_at = now()
                        returning last
                        """)
                .bind("tenant", tenant.value())
                .bind("year", year)
                .mapTo(Integer.class)
                .one();
    }

    /** Writes a credit note down, whose mail is due at once. */
    void insertCreditNote(
            Handle handle,
            TenantId tenant,
            UUID invoiceId,
            UUID refundId,
            InvoiceNumber number,
            TaxedAmount amount,
            Instant at) {
        handle.createUpdate("""
                        insert into app.credit_note (tenant_id, id, invoice_id, refund_id, number, number_year, number_seq,
                            amount, net, taxes, issued_at, mail_due_at)
                        values (:tenant, :id, :invoice, :refund, :number, :year, :sequence, :amount, :net,
                            cast(:taxes as jsonb), :at, now())
                        """)
                .bind("tenant", tenant.value())
                .bind("id", Ids.next())
                .bind("invoice", invoiceId)
                .bind("refund", refundId)
                .bind("number", number.text())
                .bind("year", number.year())
                .bind("sequence", number.sequence())
                .bind("amount", TaxShare.gross(amount))
                .bind("net", amount.net())
                .bind("taxes", write(amount.taxes()))
                .bind("at", at)
                .execute();
    }

    /** Voids the credit note of a refund that failed; it keeps its number. */
    void voidCreditNote(Handle handle, UUID refundId) {
        handle.createUpdate("""
                        update app.credit_note set status = 'void', mail_due_at = now(), updated_at = now()
                        where tenant_id = (select app.tenant()) and refund_id = :refund and status <> 'void'
                        """).bind("refund", refundId).execute();
    }

    /** Returns whether it was due. */
    boolean creditNoteIsSent(Handle handle, UUID id) {
        return handle.createUpdate("""
                        update app.credit_note set mail_due_at = null
                        where tenant_id = (select app.tenant()) and id = :id and mail_due_at is not null
                        """).bind("id", id).execute() == 1;
    }

    /** Claims credit notes whose mail is due; each comes back after some minutes unless it was sent. */
    List<Due> claimCreditNotes(Handle relay, int limit) {
        return relay.createQuery("""
                        update app.credit_note set mail_due_at = now() + interval '5 minutes'
                        where (tenant_id, id) in (select tenant_id, id from app.credit_note where mail_due_at <= now()
                            order by mail_due_at limit :limit for update skip locked)
                        returning tenant_id, id
                        """)
                .bind("limit", limit)
                .map((row, context) ->
                        new Due(new TenantId(row.getObject("tenant_id", UUID.class)), row.getObject("id", UUID.class)))
                .list();
    }

    /** Returns whether it was due. */
    boolean receiptIsSent(Handle handle, UUID id) {
        return handle.createUpdate("""
                        update app.invoice set receipt_due_at = null
                        where tenant_id = (select app.tenant()) and id = :id and receipt_due_at is not null
                        """).bind("id", id).execute() == 1;
    }

    /** Claims invoices whose receipt is due; each comes back after some minutes unless it was sent. */
    List<Due> claimReceipts(Handle relay, int limit) {
        return relay.createQuery("""
                        update app.invoice set receipt_due_at = now() + interval '5 minutes'
                        where (tenant_id, id) in (select tenant_id, id from app.invoice where receipt_due_at <= now()
                            order by receipt_due_at limit :limit for update skip locked)
                        returning tenant_id, id
                        """)
                .bind("limit", limit)
                .map((row, context) ->
                        new Due(new TenantId(row.getObject("tenant_id", UUID.class)), row.getObject("id", UUID.class)))
                .list();
    }

    Optional<InvoiceDetail> find(Handle handle, UUID id) {
        return handle.createQuery("""
                        select i.*, p.seller, p.buyer, c.own_number as corrected_number, c.issued_at as corrected_at,
                            coalesce(o.overage, '[]') as overage
                        from app.billing_document i
                        left join app.invoice o on o.tenant_id = i.tenant_id and o.id = i.id
                        left join app.invoice_party p
                            on p.tenant_id = i.tenant_id and p.invoice_id = coalesce(i.corrects, i.id)
                        left join app.invoice c on c.tenant_id = i.tenant_id and c.id = i.corrects
                        where i.tenant_id = (select app.tenant()) and i.id = :id
                        """)
                .bind("id", id)
                .map((row, context) -> detail(row, context))
                .findOne();
    }

    /** Newest first, from behind that position. */
    List<Invoice> list(Handle handle, @Nullable Instant beforeTime, @Nullable UUID beforeId, int limit) {
        return handle.createQuery("""
                        select * from app.billing_document where tenant_id = (select app.tenant())
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

    private InvoiceDetail detail(ResultSet row, StatementContext context) throws SQLException {
        Invoice invoice = invoice(row, context);
        if (invoice.number() == null) {
            return new InvoiceDetail(invoice, null, null, null, List.of(), null, List.of(), List.of(), null);
        }
        String seller = row.getString("seller");
        long net = row.getLong("net");
        String description = row.getString("description");
        return new InvoiceDetail(
                invoice,
                corrected(row),
                seller == null ? null : read(seller, new TypeReference<Seller>() {}),
                seller == null ? null : read(row.getString("buyer"), new TypeReference<Buyer>() {}),
                lines(
                        invoice.isCreditNote() ? "Refund of " + description : description,
                        invoice,
                        net,
                        read(row.getString("overage"), OVERAGE)),
                net,
                read(row.getString("taxes"), TAXES),
                read(row.getString("tax_notes"), NOTES),
                row.getString("place_of_supply"));
    }

    private static InvoiceDetail.@Nullable Corrected corrected(ResultSet row) throws SQLException {
        UUID corrects = row.getObject("corrects", UUID.class);
        return corrects == null
                ? null
                : new InvoiceDetail.Corrected(
                        corrects,
                        row.getString("corrected_number"),
                        row.getObject("corrected_at", OffsetDateTime.class).toInstant());
    }

    /** What was used beyond the credits stands in lines of its own; the rest is the plan's, if there is one. */
    private static List<InvoiceDetail.Line> lines(
            String description, Invoice invoice, long net, List<InvoiceOverage> overage) {
        long rest = net - overage.stream().mapToLong(InvoiceOverage::net).sum();
        Stream<InvoiceDetail.Line> plan = rest == 0 && !overage.isEmpty()
                ? Stream.empty()
                : Stream.of(new InvoiceDetail.Line(
                        description, TaxRules.HSN, invoice.periodStart(), invoice.periodEnd(), rest));
        return Stream.concat(
                        plan,
                        overage.stream()
                                .map(line -> new InvoiceDetail.Line(
                                        line.description(),
                                        TaxRules.HSN,
                                        line.periodStart(),
                                        line.periodEnd(),
                                        line.net())))
                .toList();
    }

    private static Invoice invoice(ResultSet row, StatementContext context) throws SQLException {
        return new Invoice(
                row.getObject("id", UUID.class),
                row.getString("kind"),
                row.getString("own_number"),
                row.getString("number"),
                row.getString("status"),
                new Money(row.getLong("amount"), row.getString("currency")),
                row.getString("plan_code"),
                row.getInt("plan_version"),
                row.getString("provider"),
                row.getObject("period_start", OffsetDateTime.class).toInstant(),
                row.getObject("period_end", OffsetDateTime.class).toInstant(),
                row.getObject("issued_at", OffsetDateTime.class).toInstant(),
                Columns.instant(row, "paid_at"));
    }

    private <T> T read(String text, TypeReference<T> type) {
        try {
            return json.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
