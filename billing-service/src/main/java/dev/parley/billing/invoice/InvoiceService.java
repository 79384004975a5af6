package dev.parley.billing.invoice;

import dev.parley.billing.clock.TenantClock;
import dev.parley.billing.contact.BillingContact;
import dev.parley.billing.contact.BillingContacts;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.plan.Plan;
import dev.parley.billing.profile.BillingProfile;
import dev.parley.billing.profile.ProfileService;
import dev.parley.billing.tax.TaxRules;
import dev.parley.billing.tax.TaxShare;
import dev.parley.billing.tax.TaxedAmount;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.mail.MailOutbox;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Issues our invoice over what a provider charges, when it charges it: number, parties and taxes are fixed then. What the
 * provider says later changes its state only.
 */
@ApplicationScoped
public class InvoiceService {
    private static final Logger LOG = Logger.getLogger(InvoiceService.class);
    private static final Duration DAY = Duration.ofDays(1);
    private static final int MAILS_A_DAY = 5;

    private final Database database;
    private final InvoiceRepository invoices;
    private final ProfileService profiles;
    private final BillingContacts contacts;
    private final TaxRules taxes;
    private final MailOutbox mails;
    private final Audit audit;
    private final TenantClock clock;

    InvoiceService(
            Database database,
            InvoiceRepository invoices,
            ProfileService profiles,
            BillingContacts contacts,
            TaxRules taxes,
            MailOutbox mails,
            Audit audit,
            TenantClock clock) {
        this.database = database;
        this.invoices = invoices;
        this.profiles = profiles;
        this.contacts = contacts;
        this.taxes = taxes;
        this.mails = mails;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Stores what a provider says of an invoice, and issues ours once something is to be paid; what was asked for earlier
     * than the stored state is ignored.
     */
    public void store(
            Handle handle, TenantId tenant, String provider, ProviderInvoice invoice, Plan plan, long ticket) {
        Optional<InvoiceRepository.Stored> stored = invoices.save(handle, tenant, provider, invoice, plan, ticket);
        if (stored.isEmpty()) {
            return;
        }
        boolean charged = invoice.status().equals("open") || invoice.isPaid();
        if (!stored.get().issued() && charged && !invoice.total().isZero()) {
            issue(handle, tenant, stored.get().id(), invoice, plan);
        }
        if (invoice.isPaid() && !stored.get().paidBefore()) {
            invoices.receiptIsDue(handle, stored.get().id());
        }
    }

    private void issue(Handle handle, TenantId tenant, UUID id, ProviderInvoice invoice, Plan plan) {
        BillingProfile buyer = profiles.find(handle).orElse(null);
        int year = invoice.issuedAt().atOffset(ZoneOffset.UTC).getYear();
        InvoiceNumber number = InvoiceNumber.of(tenant, year, invoices.nextNumber(handle, tenant, year));
        TaxedAmount amount = taxes.of(invoice.total().amount(), buyer);
        List<InvoiceOverage> overage = invoice.overages().stream()
                .map(line -> new InvoiceOverage(
                        line.chargeId(),
                        "Parley " + line.description(),
                        invoice.periodStart(),
                        invoice.periodEnd(),
                        taxes.of(line.amount().amount(), buyer).net()))
                .toList();
        invoices.issue(handle, id, number, "Parley " + plan.name(), amount, invoices.inTheirPeriods(handle, overage));
        invoices.saveParties(
                handle,
                tenant,
                id,
                taxes.seller(),
                buyer == null ? Buyer.of(contacts.find(handle).orElse(null)) : Buyer.of(buyer));
    }

    /**
     * Issues the credit note of a refund that was made, in the caller's transaction: the refunded share of an invoice, each
     * tax with it. Nothing for an invoice that was never issued.
     */
    public void credit(Handle handle, TenantId tenant, UUID invoiceId, UUID refundId, long amount) {
        Optional<InvoiceRepository.Issued> issued = invoices.lockIssued(handle, invoiceId);
        if (issued.isEmpty()) {
            return;
        }
        TaxedAmount whole = issued.get().amount();
        long before = issued.get().credited();
        long part = Math.min(amount, TaxShare.gross(whole) - before);
        if (part <= 0) {
            LOG.errorf("refund %s gives more back than invoice %s was over", refundId, invoiceId);
            return;
        }
        Instant at = clock.now(handle, tenant);
        int year = at.atOffset(ZoneOffset.UTC).getYear();
        invoices.insertCreditNote(
                handle,
                tenant,
                invoiceId,
                refundId,
                InvoiceNumber.ofCreditNote(tenant, year, invoices.nextCreditNumber(handle, tenant, year)),
                TaxShare.of(whole, before, part),
                at);
    }

    /** Voids the credit note of a refund that failed after it was made, and tells the customer; nothing without one. */
    public void creditFailed(Handle handle, UUID refundId) {
        invoices.voidCreditNote(handle, refundId);
    }

    Page<Invoice> list(TenantId tenant, @Nullable String cursor, @Nullable Integer limit) {
        String position = Cursor.decode(cursor);
        int size = Cursor.limit(limit);
        Instant time = null;
        UUID id = null;
        if (position != null) {
            try {
                String[] parts = position.split(" ", 2);
                time = Instant.parse(parts[0]);
                id = UUID.fromString(parts[1]);
            } catch (DateTimeException | IllegalArgumentException | ArrayIndexOutOfBoundsException malformed) {
                throw new Problem(CommonProblem.BAD_REQUEST).detail("the cursor is not valid");
            }
        }
        Instant beforeTime = time;
        UUID beforeId = id;
        return Page.of(
                database.inTenant(tenant, handle -> invoices.list(handle, beforeTime, beforeId, size + 1)),
                size,
                Invoice::position);
    }

    InvoiceDetail get(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> invoices.find(handle, id)).orElseThrow(InvoiceService::unknown);
    }

    /** Prints an invoice; a 409 problem for one that is not issued. */
    byte[] pdf(InvoiceDetail invoice) {
        if (invoice.invoice().number() == null || invoice.seller() == null) {
            throw new Problem(InvoiceProblem.INVOICE_NOT_ISSUED);
        }
        return InvoicePdf.print(invoice);
    }

    /** Sends an invoice by mail; to whom invoices go unless an address is given. */
    void send(Caller caller, UUID id, @Nullable String address) {
        TenantId tenant = caller.tenant();
        InvoiceDetail invoice = get(tenant, id);
        byte[] pdf = pdf(invoice);
        database.useTenant(tenant, handle -> {
            BillingContact known = contacts.find(handle).orElse(null);
            if (address == null && known == null) {
                throw new Problem(InvoiceProblem.NO_BILLING_CONTACT);
            }
            String name = known == null ? "" : known.name();
            BillingContact to = address == null ? known : new BillingContact(address, name);
            if (mails.lately(handle, to.email(), DAY).size() >= MAILS_A_DAY) {
                throw new Problem(CommonProblem.RATE_LIMITED)
                        .detail("At most five mails a day go to one address.")
                        .header("Retry-After", "3600");
            }
            mails.append(handle, tenant, InvoiceMail.write(to, invoice, pdf));
            audit.record(
                    handle,
                    caller,
                    tenant,
                    new AuditEntry("invoice.send", "invoice", id.toString(), null, Map.of("to", to.email()), null));
        });
    }

    /** Up to twenty invoices that were paid, and as many credit notes, which were not sent. */
    List<InvoiceRepository.Due> claimReceipts() {
        return database.acrossTenants(relay -> Stream.concat(
                        invoices.claimReceipts(relay, 20).stream(), invoices.claimCreditNotes(relay, 20).stream())
                .toList());
    }

    /** Sends the receipt of a paid invoice or a credit note, once; nothing when nobody is known to send it to. */
    void sendReceipt(TenantId tenant, UUID id) {
        InvoiceDetail invoice = get(tenant, id);
        boolean printable = invoice.invoice().number() != null && invoice.seller() != null;
        byte[] pdf = printable ? InvoicePdf.print(invoice) : new byte[0];
        database.useTenant(tenant, handle -> {
            boolean due = invoice.invoice().isCreditNote()
                    ? invoices.creditNoteIsSent(handle, id)
                    : invoices.receiptIsSent(handle, id);
            if (due && printable) {
                contacts.find(handle)
                        .ifPresent(to -> mails.append(handle, tenant, InvoiceMail.write(to, invoice, pdf)));
            }
        });
    }

    private static Problem unknown() {
        return new Problem(InvoiceProblem.INVOICE_NOT_FOUND);
    }
}
