package dev.parley.billing.overage;

import dev.parley.billing.clock.TenantClock;
import dev.parley.billing.credit.CreditGrant;
import dev.parley.billing.credit.CreditLot;
import dev.parley.billing.credit.CreditService;
import dev.parley.billing.invoice.InvoiceService;
import dev.parley.billing.ledger.LedgerAccount;
import dev.parley.billing.ledger.LedgerService;
import dev.parley.billing.money.Money;
import dev.parley.billing.payment.OverageOrder;
import dev.parley.billing.payment.PlanReference;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.payment.ProviderOverage;
import dev.parley.billing.plan.OverageRate;
import dev.parley.billing.plan.Plan;
import dev.parley.billing.plan.PlanService;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Charges what was used beyond the credits. The figures of a charge are fixed when its period ends, from the books, in one
 * transaction; a debt for which a charge is under way is not charged again. The tenant gets the credits that pay the debt
 * when the provider has the money, exactly once, and exactly those that were charged.
 */
@ApplicationScoped
public class OverageService {
    private final Database database;
    private final OverageRepository charges;
    private final LedgerService ledger;
    private final CreditService credits;
    private final InvoiceService invoices;
    private final PlanService plans;
    private final TenantClock clock;

    OverageService(
            Database database,
            OverageRepository charges,
            LedgerService ledger,
            CreditService credits,
            InvoiceService invoices,
            PlanService plans,
            TenantClock clock) {
        this.database = database;
        this.charges = charges;
        this.ledger = ledger;
        this.credits = credits;
        this.invoices = invoices;
        this.plans = plans;
        this.clock = clock;
    }

    /**
     * Freezes the debt of a period that ends, before anything is granted for the next one; nothing when there is none, it
     * was frozen before, or the plan does not charge it. The tenant's subscription must be held.
     *
     * @param plan of the period
     * @param payer null when nobody can be charged yet
     */
    public void freeze(Handle handle, TenantId tenant, Plan plan, OveragePeriod period, @Nullable OveragePayer payer) {
        Optional<OverageRate> rate = OverageRate.of(plan).map(now -> dearest(handle, now, period));
        if (rate.isEmpty()) {
            return;
        }
        // In this order: a charge that is paid meanwhile is counted twice, and so never charged again.
        long underWay = charges.underWay(handle);
        long debt = -ledger.balance(handle, LedgerAccount.AVAILABLE);
        long charged = Math.min(debt, Objects.requireNonNull(plan.overage().cap())) - underWay;
        if (charged <= 0) {
            return;
        }
        Money amount = rate.get().price(charged);
        charges.insert(
                handle,
                tenant,
                new OverageCharge(
                        Ids.next(),
                        payer == null ? OverageStatus.WAITING : OverageStatus.UNKNOWN,
                        PlanReference.of(plan),
                        charged,
                        amount,
                        payer,
                        null,
                        null,
                        clock.ours()),
                period);
    }

    /** Of the plans that the period's upgrades began at: nobody goes up on the last day for a better price of the debt. */
    private OverageRate dearest(Handle handle, OverageRate now, OveragePeriod period) {
        return charges.upgradedFrom(handle, period.end()).stream()
                .map(plan -> OverageRate.of(plans.version(handle, plan.code(), plan.version())))
                .flatMap(Optional::stream)
                .filter(rate -> rate.currency().equals(now.currency()))
                .reduce(now, OverageRate::dearer);
    }

    /** What waited for somebody to charge is charged with the next invoice of a subscription in the same currency. */
    public void adopt(Handle handle, OveragePayer payer, String currency) {
        charges.adopt(handle, payer, currency);
    }

    /** A subscription has ended: what its next invoice was to carry is charged alone. */
    public void orderAlone(Handle handle, String provider, String subscriptionId) {
        charges.orderAlone(handle, provider, subscriptionId);
    }

    /** Takes a provider's word on an invoice: what it charges of ours is paid, given up, or still open. */
    public void follow(Handle handle, TenantId tenant, ProviderInvoice invoice) {
        for (ProviderInvoice.OverageLine line : invoice.overages()) {
            charges.lockUnpaid(handle, line.chargeId()).ifPresent(charge -> follow(handle, tenant, charge, invoice));
        }
    }

    private void follow(Handle handle, TenantId tenant, OverageCharge charge, ProviderInvoice invoice) {
        if (invoice.isPaid()) {
            // Not for longer than the period that it was taken from: it is used before that period's own credits.
            Instant now = clock.now(handle, tenant);
            Instant expires = invoice.periodEnd().isAfter(now)
                    ? invoice.periodEnd()
                    : charges.periodEnd(handle).filter(end -> end.isAfter(now)).orElse(null);
            CreditLot lot = credits.grant(handle, tenant, CreditGrant.overage(charge.id(), charge.credits(), expires))
                    .orElseThrow();
            charges.paid(
                    handle,
                    charge.id(),
                    invoice.id(),
                    lot.id(),
                    Objects.requireNonNullElse(invoice.paidAt(), invoice.issuedAt()));
        } else if (invoice.status().equals("void")) {
            charges.end(handle, charge.id(), OverageStatus.VOID);
        } else {
            charges.invoiced(handle, charge.id(), invoice.id());
        }
    }

    /**
     * Takes a provider's word on an invoice, and keeps one that belongs to no subscription; false when it charges nothing
     * of ours.
     *
     * @param ticket taken before the provider was asked
     */
    boolean followInvoice(String provider, ProviderInvoice invoice, long ticket) {
        Optional<UUID> first = invoice.overages().stream()
                .map(ProviderInvoice.OverageLine::chargeId)
                .findFirst();
        Optional<TenantId> tenant = first.flatMap(id -> database.acrossTenants(relay -> charges.tenantOf(relay, id)));
        tenant.ifPresent(owner -> database.useTenant(owner, handle -> {
            if (invoice.subscriptionId() == null) {
                PlanReference plan =
                        charges.find(handle, first.get()).orElseThrow().plan();
                invoices.store(
                        handle, owner, provider, invoice, plans.version(handle, plan.code(), plan.version()), ticket);
            }
            follow(handle, owner, invoice);
        }));
        return tenant.isPresent();
    }

    /** A number to take before a provider is asked for an invoice. */
    long fetchTicket() {
        return database.global(charges::nextTicket);
    }

    /** The order to place: always the same, but for an invoice of its own once that is needed. */
    OverageOrder order(OverageCharge charge) {
        OveragePayer payer = Objects.requireNonNull(charge.payer());
        return new OverageOrder(
                charge.id(),
                payer.customerId(),
                payer.subscriptionId(),
                charge.amount(),
                "%s overage: %s credits"
                        .formatted(charge.plan().code(), String.format(Locale.ENGLISH, "%,d", charge.credits())),
                payer.ownInvoice(),
                charge.createdAt());
    }

    Optional<OverageCharge> find(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> charges.find(handle, id));
    }

    /** The tenant's charges that no provider has answered. */
    List<UUID> unknown(TenantId tenant) {
        return database.inTenant(tenant, charges::unknown);
    }

    /** Claims up to 20 charges whose provider has to be asked. */
    List<PendingOverage> claim() {
        return database.acrossTenants(relay -> charges.claim(relay, 20));
    }

    void answered(TenantId tenant, OverageCharge asked, ProviderOverage answer) {
        database.useTenant(tenant, handle -> charges.answered(handle, asked, answer));
    }

    void refused(TenantId tenant, OverageCharge asked) {
        database.useTenant(tenant, handle -> charges.refused(handle, asked));
    }
}
