package dev.parley.billing.customerinvoice;

import dev.parley.billing.money.Money;
import dev.parley.billing.profile.BillingProfile;
import dev.parley.billing.profile.ProfileService;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.mail.MailOutbox;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Drafts, issues and ends invoices to customers, and reminds those who have not paid. */
@ApplicationScoped
class CustomerInvoiceService {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration TOO_MANY = Duration.ofHours(6);
    private static final int MAILS_A_DAY = 5;

    private final Database database;
    private final CustomerInvoiceRepository invoices;
    private final ProfileService profiles;
    private final MailOutbox mails;
    private final Audit audit;
    private final CustomerInvoiceConfig config;
    private final Clock clock;

    CustomerInvoiceService(
            Database database,
            CustomerInvoiceRepository invoices,
            ProfileService profiles,
            MailOutbox mails,
            Audit audit,
            CustomerInvoiceConfig config,
            Clock clock) {
        this.database = database;
        this.invoices = invoices;
        this.profiles = profiles;
        this.mails = mails;
        this.audit = audit;
        this.config = config;
        this.clock = clock;
    }

    CustomerInvoice draft(Caller caller, CustomerInvoiceRequest request) {
        LocalDate due = request.dueOn() != null
                ? request.dueOn()
                : LocalDate.ofInstant(clock.instant().plus(config.term()), ZoneOffset.UTC);
        CustomerInvoice draft =
                drafted(Ids.next(), request.customer(), request.currency(), request.lines(), due, request.note());
        TenantId tenant = caller.tenant();
        return database.inTenant(tenant, handle -> {
            invoices.save(handle, tenant, draft, caller.actor());
            CustomerInvoice made = invoices.find(handle, draft.id()).orElseThrow();
            record(handle, caller, "customer-invoice.create", null, made);
            return made;
        });
    }

    /** Changes a draft; a 409 problem once it is issued. */
    CustomerInvoice change(Caller caller, UUID id, CustomerInvoiceChange change) {
        TenantId tenant = caller.tenant();
        return database.inTenant(tenant, handle -> {
            CustomerInvoice before = lock(handle, id);
            if (!before.isDraft()) {
                throw new Problem(CustomerInvoiceProblem.CUSTOMER_INVOICE_ISSUED)
                        .detail("Void it and draft another one.");
            }
            CustomerInvoice draft = drafted(
                    id,
                    Objects.requireNonNullElse(change.customer(), before.customer()),
                    Objects.requireNonNullElse(change.currency(), before.total().currency()),
                    Objects.requireNonNullElse(change.lines(), before.lines()),
                    Objects.requireNonNullElse(change.dueOn(), before.dueOn()),
                    change.note() == null ? before.note() : change.note());
            invoices.save(handle, tenant, draft, caller.actor());
            CustomerInvoice after = lock(handle, id);
            record(handle, caller, "customer-invoice.change", before, after);
            return after;
        });
    }

    /** Deletes a draft, or voids an issued invoice, whose number stays; a 409 problem once it is paid. */
    void remove(Caller caller, UUID id) {
        database.useTenant(caller.tenant(), handle -> {
            CustomerInvoice before = lock(handle, id);
            if (before.isDraft()) {
                invoices.delete(handle, id);
                record(handle, caller, "customer-invoice.delete", before, null);
            } else if (before.isOpen()) {
                invoices.end(handle, id, "void", null);
                record(handle, caller, "customer-invoice.void", before, lock(handle, id));
            } else if (before.status().equals("paid")) {
                throw new Problem(CustomerInvoiceProblem.CUSTOMER_INVOICE_NOT_OPEN).detail("It was paid.");
            }
        });
    }

    /** Issues a draft by the tenant's billing profile; issued before, it answers the invoice as it is. */
    CustomerInvoice issue(Caller caller, UUID id) {
        TenantId tenant = caller.tenant();
        return database.inTenant(tenant, handle -> {
            CustomerInvoice before = lock(handle, id);
            if (!before.isDraft()) {
                return before;
            }
            BillingProfile seller = profiles.find(handle)
                    .orElseThrow(() -> new Problem(CustomerInvoiceProblem.SELLER_UNKNOWN)
                            .detail("PUT /api/v1/billing-profile says who sells."));
            Instant now = clock.instant();
            int year = now.atOffset(ZoneOffset.UTC).getYear();
            int sequence = invoices.nextNumber(handle, tenant, year);
            invoices.issue(handle, id, year, sequence, seller, now, reminder(before.dueOn(), now, 0));
            CustomerInvoice after = lock(handle, id);
            record(handle, caller, "customer-invoice.issue", before, after);
            return after;
        });
    }

    /** Notes that an issued invoice was paid; once it is, that changes nothing. */
    CustomerInvoice paid(Caller caller, UUID id, @Nullable Instant at) {
        return database.inTenant(caller.tenant(), handle -> {
            CustomerInvoice before = lock(handle, id);
            if (before.status().equals("paid")) {
                return before;
            }
            requireOpen(before);
            invoices.end(handle, id, "paid", at == null ? clock.instant() : at);
            CustomerInvoice after = lock(handle, id);
            record(handle, caller, "customer-invoice.pay", before, after);
            return after;
        });
    }

    /** Sends an issued invoice to its customer, or to another address. */
    void send(Caller caller, UUID id, @Nullable String address) {
        TenantId tenant = caller.tenant();
        CustomerInvoice invoice = get(tenant, id);
        if (invoice.isDraft() || invoice.status().equals("void")) {
            throw new Problem(CustomerInvoiceProblem.CUSTOMER_INVOICE_NOT_OPEN);
        }
        String to = address == null ? invoice.customer().email() : address;
        database.useTenant(tenant, handle -> {
            if (!mayMail(handle, to)) {
                throw new Problem(CommonProblem.RATE_LIMITED)
                        .detail("At most five mails a day go to one address, and %d to all."
                                .formatted(config.mailsADay()))
                        .header("Retry-After", "3600");
            }
            mails.append(handle, tenant, CustomerInvoiceMail.invoice(invoice, to));
            record(handle, caller, "customer-invoice.send", invoice, invoice);
        });
    }

    private boolean mayMail(Handle handle, String to) {
        return mails.lately(handle, to, DAY).size() < MAILS_A_DAY && invoices.mailsLately(handle) < config.mailsADay();
    }

    CustomerInvoice get(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> invoices.find(handle, id))
                .orElseThrow(() -> new Problem(CustomerInvoiceProblem.CUSTOMER_INVOICE_NOT_FOUND));
    }

    /** Prints an invoice; a 409 problem for a draft. */
    byte[] pdf(CustomerInvoice invoice) {
        if (invoice.isDraft()) {
            throw new Problem(CustomerInvoiceProblem.CUSTOMER_INVOICE_NOT_OPEN)
                    .detail("It is a draft: issue it first.");
        }
        return CustomerInvoicePdf.print(invoice);
    }

    Page<CustomerInvoice> list(
            TenantId tenant, @Nullable String status, @Nullable String cursor, @Nullable Integer limit) {
        UUID before = Cursor.decodeId(cursor);
        int size = Cursor.limit(limit);
        return Page.of(
                database.inTenant(tenant, handle -> invoices.list(handle, status, before, size + 1)),
                size,
                invoice -> invoice.id().toString());
    }

    /** Up to fifty invoices whose reminder is due. */
    List<CustomerInvoiceRepository.Due> claimReminders() {
        return database.acrossTenants(relay -> invoices.claimReminders(relay, clock.instant(), 50));
    }

    /**
     * Reminds the customer of an open invoice; the next reminder follows in its time. Nobody gets more mails than a person
     * could send: what is too many waits.
     */
    void remind(TenantId tenant, UUID id) {
        database.useTenant(tenant, handle -> {
            CustomerInvoice invoice = lock(handle, id);
            Instant now = clock.instant();
            if (!invoice.isOpen()) {
                return;
            }
            if (!mayMail(handle, invoice.customer().email())) {
                invoices.remindLater(handle, id, now.plus(TOO_MANY));
                return;
            }
            mails.append(handle, tenant, CustomerInvoiceMail.reminder(invoice));
            invoices.reminded(handle, id, reminder(invoice.dueOn(), now, invoice.remindersSent() + 1));
        });
    }

    /**
     * When a reminder is due, counted from 0; null when there is none any more. Who was late to issue or to send gives the
     * customer a day in any case.
     */
    private @Nullable Instant reminder(LocalDate dueOn, Instant now, int number) {
        if (number >= config.reminders().size()) {
            return null;
        }
        Instant planned = dueOn.plusDays(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant()
                .plus(config.reminders().get(number));
        Instant soonest = now.plus(DAY);
        return planned.isBefore(soonest) ? soonest : planned;
    }

    private CustomerInvoice drafted(
            UUID id,
            Customer customer,
            String currency,
            List<InvoiceLine> lines,
            LocalDate due,
            @Nullable String note) {
        if (due.isBefore(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusDays(1))) {
            throw new Problem(CommonProblem.VALIDATION_FAILED)
                    .with("errors", ProblemCompletion.error("/due_on", "is in the past"));
        }
        if (Currency.getAvailableCurrencies().stream()
                .noneMatch(known -> known.getCurrencyCode().equals(currency))) {
            throw new Problem(CommonProblem.VALIDATION_FAILED)
                    .with("errors", ProblemCompletion.error("/currency", "is not a currency"));
        }
        try {
            long net = lines.stream().mapToLong(InvoiceLine::net).reduce(0, Math::addExact);
            long tax = lines.stream().mapToLong(InvoiceLine::tax).reduce(0, Math::addExact);
            return new CustomerInvoice(
                    id,
                    "draft",
                    null,
                    customer,
                    null,
                    lines,
                    new Money(net, currency),
                    new Money(tax, currency),
                    new Money(Math.addExact(net, tax), currency),
                    note,
                    due,
                    null,
                    null,
                    0,
                    null,
                    clock.instant());
        } catch (ArithmeticException tooMuch) {
            throw new Problem(CommonProblem.VALIDATION_FAILED)
                    .with("errors", ProblemCompletion.error("/lines", "come to more than can be counted"));
        }
    }

    private CustomerInvoice lock(Handle handle, UUID id) {
        return invoices.lock(handle, id)
                .orElseThrow(() -> new Problem(CustomerInvoiceProblem.CUSTOMER_INVOICE_NOT_FOUND));
    }

    private static void requireOpen(CustomerInvoice invoice) {
        if (!invoice.isOpen()) {
            throw new Problem(CustomerInvoiceProblem.CUSTOMER_INVOICE_NOT_OPEN)
                    .detail("It is " + invoice.status() + ".");
        }
    }

    private void record(
            Handle handle,
            Caller caller,
            String action,
            @Nullable CustomerInvoice before,
            @Nullable CustomerInvoice after) {
        UUID id = Objects.requireNonNull(after == null ? before : after).id();
        audit.record(
                handle,
                caller,
                caller.tenant(),
                new AuditEntry(action, "customer-invoice", id.toString(), before, after, null));
    }
}
