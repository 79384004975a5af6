package dev.parley.billing.reconciliation;

import dev.parley.billing.outbound.PolicyBalances;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.payment.ProviderSubscription;
import dev.parley.billing.payment.SubscriptionStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Says what does not agree. Pure: what each side says goes in, findings come out. */
final class Comparison {
    /** Overage was paid for, and the lot that pays the debt is missing. */
    static final String OVERAGE_NOT_GRANTED = "OVERAGE_NOT_GRANTED";

    private final Books books;
    private final Instant now;
    private final List<Finding> findings = new ArrayList<>();

    private Comparison(Books books, Instant now) {
        this.books = books;
        this.now = now;
    }

    /**
     * Compares the three sides.
     *
     * @param provider null when no provider keeps the tenant's subscription
     * @param policyVersion the version of the subscription that policy decides by
     */
    static List<Finding> of(
            Books books, @Nullable ProviderSays provider, PolicyBalances policy, long policyVersion, Instant now) {
        Comparison comparison = new Comparison(books, now);
        if (provider != null) {
            comparison.withProvider(provider);
        }
        comparison.withinBooks();
        comparison.withPolicy(policy, policyVersion);
        return comparison.findings;
    }

    private void withProvider(ProviderSays provider) {
        Books.Subscribed ours = Objects.requireNonNull(books.subscription());
        ProviderSubscription theirs = provider.subscription();
        String id = String.valueOf(ours.providerId());
        if (theirs == null) {
            if (ours.status() != SubscriptionStatus.ENDED) {
                add("SUBSCRIPTION_UNKNOWN", id, ours.status().wire(), "unknown", Repair.NONE);
            }
        } else {
            compareSubscription(ours, theirs);
        }
        for (Books.Invoiced invoice : books.invoices()) {
            ProviderInvoice said = provider.invoices().get(invoice.providerId());
            if (said == null) {
                add("INVOICE_UNKNOWN", invoice.providerId(), invoice.status(), "unknown", Repair.NONE);
                continue;
            }
            differ("INVOICE_STATUS", invoice.providerId(), invoice.status(), said.status(), Repair.FETCH_AND_APPLY);
            differ(
                    "INVOICE_AMOUNT",
                    invoice.providerId(),
                    invoice.amount() + " " + invoice.currency(),
                    said.total().amount() + " " + said.total().currency(),
                    Repair.FETCH_AND_APPLY);
            broughtNothing(id, invoice, said);
        }
    }

    /** Money for a period, or for the rest of one on a dearer plan, has to have brought something. */
    private void broughtNothing(String subscription, Books.Invoiced invoice, ProviderInvoice said) {
        boolean brings = said.kind() != ProviderInvoice.Kind.OTHER
                && said.isPaid()
                && said.withoutOverage().amount() > 0
                && invoice.planCredits() > 0;
        if (brings && !books.used().contains(said.id())) {
            boolean runs = subscription.equals(said.subscriptionId())
                    && said.periodEnd().isAfter(now);
            add(
                    "INVOICE_WITHOUT_LOT",
                    said.id(),
                    "a lot for " + said.withoutOverage().amount() + " "
                            + said.withoutOverage().currency(),
                    "none",
                    runs ? Repair.FETCH_AND_APPLY : Repair.NONE);
        }
    }

    private void compareSubscription(Books.Subscribed ours, ProviderSubscription theirs) {
        if (ours.status() == SubscriptionStatus.ENDED && theirs.status() == SubscriptionStatus.ENDED) {
            return;
        }
        // Who does not pay is suspended by us before the provider gives up.
        boolean dunned =
                ours.status() == SubscriptionStatus.SUSPENDED && theirs.status() == SubscriptionStatus.PAST_DUE;
        if (!dunned) {
            differ(
                    "SUBSCRIPTION_STATUS",
                    theirs.id(),
                    ours.status().wire(),
                    theirs.status().wire(),
                    Repair.FETCH_AND_APPLY);
        }
        differ(
                "SUBSCRIPTION_PERIOD",
                theirs.id(),
                ours.periodStart() + "/" + ours.periodEnd(),
                theirs.periodStart() + "/" + theirs.periodEnd(),
                Repair.FETCH_AND_APPLY);
        differ(
                "SUBSCRIPTION_CANCELLATION",
                theirs.id(),
                String.valueOf(ours.cancelAtPeriodEnd()),
                String.valueOf(theirs.cancelAtPeriodEnd()),
                Repair.FETCH_AND_APPLY);
        ProviderInvoice latest = theirs.latestInvoice();
        if (latest == null) {
            return;
        }
        if (books.invoices().stream().noneMatch(one -> one.providerId().equals(latest.id()))) {
            add("INVOICE_MISSING", latest.id(), "none", latest.status(), Repair.FETCH_AND_APPLY);
        }
    }

    private void withinBooks() {
        for (Books.Unearned unearned : books.unearned()) {
            add(
                    "PAID_FOR_NOTHING",
                    unearned.invoiceId().toString(),
                    "credits or a refund",
                    unearned.paid(),
                    Repair.NONE);
        }
        for (Books.Withdrawal forgotten : books.forgotten()) {
            add(
                    "WITHDRAWAL_UNANSWERED",
                    forgotten.id().toString(),
                    String.valueOf(forgotten.credits()),
                    "no answer",
                    Repair.REPEAT_WITHDRAWAL);
        }
        books.notBooked()
                .forEach((source, credits) ->
                        add("NOT_BOOKED", source, String.valueOf(credits), "no such entry", Repair.BOOK));
        books.overageOwed()
                .forEach((charge, credits) -> add(
                        OVERAGE_NOT_GRANTED, charge.toString(), "a lot of " + credits, "none", Repair.FETCH_AND_APPLY));
    }

    private void withPolicy(PolicyBalances policy, long policyVersion) {
        Books.Subscribed ours = books.subscription();
        if (ours != null && policyVersion != ours.version()) {
            boolean behind = policyVersion < ours.version();
            add(
                    behind ? "ENTITLEMENT_BEHIND" : "ENTITLEMENT_AHEAD",
                    "subscription",
                    String.valueOf(ours.version()),
                    String.valueOf(policyVersion),
                    behind ? Repair.REPEAT_SUBSCRIPTION : Repair.NONE);
        }
        Map<UUID, PolicyBalances.Lot> theirs = new HashMap<>();
        policy.lots().forEach(lot -> theirs.put(lot.id(), lot));
        // What the findings about single lots explain of a difference between the balances.
        long explained = 0;
        for (Books.Lot lot : books.lots()) {
            PolicyBalances.Lot said = theirs.remove(lot.id());
            String id = lot.id().toString();
            if (said == null) {
                if (!lot.closed() && lot.grantedLongAgo()) {
                    add("LOT_UNKNOWN_TO_POLICY", id, String.valueOf(lot.credits()), "unknown", Repair.REPEAT_GRANT);
                }
                explained += lot.closed() ? 0 : lot.credits();
            } else if (said.unspent() != null && !lot.closed()) {
                add("LOT_END_NOT_BOOKED", id, "open", said.unspent() + " unspent", Repair.BOOK);
                explained += said.unspent();
            } else if (said.unspent() == null && lot.closed()) {
                add("LOT_OPEN_AT_POLICY", id, "closed", said.remaining() + " left", Repair.NONE);
            } else if (said.unspent() == null) {
                if (lot.endedLongAgo()) {
                    add("LOT_OPEN_AT_POLICY", id, "ending", said.remaining() + " left", Repair.REPEAT_CLOSE);
                }
                if (!books.beingTakenBack()) {
                    differ(
                            "LOT_CREDITS",
                            id,
                            String.valueOf(lot.credits()),
                            String.valueOf(said.granted()),
                            Repair.NONE);
                }
            }
        }
        theirs.values().stream()
                .filter(lot -> lot.unspent() == null)
                .forEach(lot ->
                        add("LOT_UNKNOWN_TO_BOOKS", lot.id().toString(), "unknown", lot.granted() + "", Repair.NONE));
        long missing = books.notBooked().entrySet().stream()
                .mapToLong(entry ->
                        entry.getKey().startsWith("grant:") || entry.getKey().startsWith("refund:")
                                ? entry.getValue()
                                : -entry.getValue())
                .sum();
        long expected = books.available() + missing - explained;
        if (!books.beingTakenBack() && expected != policy.available()) {
            add(
                    "BALANCE",
                    "credits:available",
                    String.valueOf(expected),
                    String.valueOf(policy.available()),
                    // The answer that is missing may explain it.
                    books.forgotten().isEmpty() ? Repair.COMPENSATE : Repair.NONE);
        }
    }

    private void differ(String kind, String subject, String expected, String found, Repair repair) {
        if (!expected.equals(found)) {
            add(kind, subject, expected, found, repair);
        }
    }

    private void add(String kind, String subject, String expected, String found, Repair repair) {
        findings.add(new Finding(kind, subject, expected, found, repair));
    }
}
