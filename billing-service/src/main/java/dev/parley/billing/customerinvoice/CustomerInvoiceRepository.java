package dev.parley.billing.customerinvoice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.billing.money.Money;
import dev.parley.billing.profile.BillingProfile;
import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class CustomerInvoiceRepository {
    private static final TypeReference<List<InvoiceLine>> LINES = new TypeReference<>() {};

    private final ObjectMapper json;

    CustomerInvoiceRepository(ObjectMapper json) {
        this.json = json;
    }

    /** An invoice whose reminder is due. */
    record Due(TenantId tenant, UUID invoice) {}

    /** Inserts a draft, or replaces the one of that id. */
    void save(Handle handle, TenantId tenant, CustomerInvoice draft, String by) {
        handle.createUpdate("""
                        insert into app.customer_invoice as i (tenant_id, id, customer, currency, lines, net, tax, total, note,
                            due_on, created_by)
                        values (:tenant, :id, cast(:customer as jsonb), :currency, cast(:lines as jsonb), :net, :tax, :total,
                            :note, :due, :by)
                        on conflict (tenant_id, id) do update
                            set customer = excluded.customer, currency = excluded.currency, lines = excluded.lines,
                                net = excluded.net, tax = excluded.tax, total = excluded.total, note = excluded.note,
                                due_on = excluded.due_on, updated_at = now()
                            where i.status = 'draft'
                        """)
                .bind("tenant", tenant.value())
                .bind("id", draft.id())
                .bind("customer", write(draft.customer()))
                .bind("currency", draft.total().currency())
                .bind("lines", write(draft.lines()))
                .bind("net", draft.net().amount())
                .bind("tax", draft.tax().amount())
                .bind("total", draft.total().amount())
                .bind("note", draft.note())
                .bind("due", draft.dueOn())
                .bind("by", by)
                .execute();
    }

    /** Holds the invoice until the transaction ends. */
    Optional<CustomerInvoice> lock(Handle handle, UUID id) {
        return handle.createQuery("""
                        select * from app.customer_invoice
                        where tenant_id = (select app.tenant()) and id = :id for update
                        """)
                .bind("id", id)
                .map((row, context) -> invoice(row))
                .findOne();
    }

    Optional<CustomerInvoice> find(Handle handle, UUID id) {
        return handle.createQuery(
                        "select * from app.customer_invoice where tenant_id = (select app.tenant()) and id = :id")
                .bind("id", id)
                .map((row, context) -> invoice(row))
                .findOne();
    }

    /** Newest first, from behind that one. */
    List<CustomerInvoice> list(Handle handle, @Nullable String status, @Nullable UUID before, int limit) {
        return handle.createQuery("""
                        select * from app.customer_invoice where tenant_id = (select app.tenant())
                          and (cast(:status as text) is null or status = cast(:status as text))
                          and (cast(:before as uuid) is null or id < cast(:before as uuid))
                        order by id desc limit :limit
                        """)
                .bind("status", status)
                .bind("before", before)
                .bind("limit", limit)
                .map((row, context) -> invoice(row))
                .list();
    }

    /** The next number of the tenant in that year; a rollback leaves no gap. */
    int nextNumber(Handle handle, TenantId tenant, int year) {
        return handle.createQuery("""
                        insert into app.customer_invoice_number as n (tenant_id, year, last) values (:tenant, :year, 1)
                        on conflict (tenant_id, year) do update set last = n.last + 1, updated_at = now()
                        returning last
                        """)
                .bind("tenant", tenant.value())
                .bind("year", year)
                .mapTo(Integer.class)
                .one();
    }

    void issue(
            Handle handle,
            UUID id,
            int year,
            int sequence,
            BillingProfile seller,
            Instant at,
            @Nullable Instant reminderAt) {
        handle.createUpdate("""
                        update app.customer_invoice set status = 'issued', number = :number, number_year = :year,
                            number_seq = :sequence, seller = cast(:seller as jsonb), issued_at = :at,
                            reminder_at = cast(:reminder as timestamptz), updated_at = now()
                        where tenant_id = (select app.tenant()) and id = :id
                        """)
                .bind("id", id)
                .bind("number", "%d-%05d".formatted(year, sequence))
                .bind("year", year)
                .bind("sequence", sequence)
                .bind("seller", write(seller))
                .bind("at", at)
                .bind("reminder", reminderAt)
                .execute();
    }

    /** Ends an issued invoice as paid or void: nobody is reminded of it. */
    void end(Handle handle, UUID id, String status, @Nullable Instant paidAt) {
        handle.createUpdate("""
                        update app.customer_invoice set status = :status, paid_at = cast(:paid as timestamptz),
                            reminder_at = null, updated_at = now()
                        where tenant_id = (select app.tenant()) and id = :id
                        """)
                .bind("id", id)
                .bind("status", status)
                .bind("paid", paidAt)
                .execute();
    }

    void delete(Handle handle, UUID id) {
        handle.createUpdate("""
                        delete from app.customer_invoice
                        where tenant_id = (select app.tenant()) and id = :id and status = 'draft'
                        """).bind("id", id).execute();
    }

    void reminded(Handle handle, UUID id, @Nullable Instant nextAt) {
        handle.createUpdate("""
                        update app.customer_invoice set reminders_sent = reminders_sent + 1,
                            reminder_at = cast(:next as timestamptz), updated_at = now()
                        where tenant_id = (select app.tenant()) and id = :id
                        """).bind("id", id).bind("next", nextAt).execute();
    }

    /** Puts a reminder off. */
    void remindLater(Handle handle, UUID id, Instant at) {
        handle.createUpdate("""
                        update app.customer_invoice set reminder_at = :at, updated_at = now()
                        where tenant_id = (select app.tenant()) and id = :id
                        """).bind("id", id).bind("at", at).execute();
    }

    /** How many mails the tenant's transactions have appended in the last day. */
    int mailsLately(Handle handle) {
        return handle.createQuery("""
                        select count(*) from app.mail
                        where tenant_id = (select app.tenant()) and created_at > now() - interval '1 day'
                        """).mapTo(Integer.class).one();
    }

    /** Claims invoices whose reminder is due; each comes back after some minutes unless it was sent. */
    List<Due> claimReminders(Handle relay, Instant now, int limit) {
        return relay.createQuery("""
                        update app.customer_invoice set reminder_at = cast(:now as timestamptz) + interval '5 minutes'
                        where (tenant_id, id) in (select tenant_id, id from app.customer_invoice
                            where reminder_at <= cast(:now as timestamptz) order by reminder_at limit :limit for update skip locked)
                        returning tenant_id, id
                        """)
                .bind("now", now)
                .bind("limit", limit)
                .map((row, context) ->
                        new Due(new TenantId(row.getObject("tenant_id", UUID.class)), row.getObject("id", UUID.class)))
                .list();
    }

    private CustomerInvoice invoice(ResultSet row) throws SQLException {
        String currency = row.getString("currency");
        String seller = row.getString("seller");
        return new CustomerInvoice(
                row.getObject("id", UUID.class),
                row.getString("status"),
                row.getString("number"),
                read(row.getString("customer"), new TypeReference<Customer>() {}),
                seller == null ? null : read(seller, new TypeReference<BillingProfile>() {}),
                read(row.getString("lines"), LINES),
                new Money(row.getLong("net"), currency),
                new Money(row.getLong("tax"), currency),
                new Money(row.getLong("total"), currency),
                row.getString("note"),
                row.getObject("due_on", LocalDate.class),
                Columns.instant(row, "issued_at"),
                Columns.instant(row, "paid_at"),
                row.getInt("reminders_sent"),
                Columns.instant(row, "reminder_at"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
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
