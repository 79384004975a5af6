package dev.parley.billing.reconciliation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.billing.money.Money;
import dev.parley.billing.outbound.PolicyBalances;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.payment.ProviderSubscription;
import dev.parley.billing.payment.SubscriptionStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ComparisonTest {
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant END = Instant.parse("2026-12-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-20T00:00:00Z");
    private static final UUID LOT = new UUID(1, 1);
    private static final UUID OTHER = new UUID(1, 2);

    private SubscriptionStatus ours = SubscriptionStatus.ACTIVE;
    private SubscriptionStatus theirs = SubscriptionStatus.ACTIVE;
    private boolean cancelling;
    private String invoiceStatus = "paid";
    private List<Books.Invoiced> invoices =
            List.of(new Books.Invoiced("stripe", "in_1", "paid", 499_900, "INR", 1_000));
    private List<Books.Lot> lots = List.of(new Books.Lot(LOT, 1_000, false, false, true));
    private List<PolicyBalances.Lot> policyLots = List.of(new PolicyBalances.Lot(LOT, "plan", 1_000, 900, null));
    private Set<String> used = Set.of("in_1");
    private ProviderInvoice.Kind kind = ProviderInvoice.Kind.PERIOD;
    private Instant end = END;
    private Map<String, Long> notBooked = Map.of();
    private boolean beingTakenBack;
    private List<Books.Withdrawal> forgotten = List.of();
    private List<Books.Unearned> unearned = List.of();
    private Map<UUID, Long> overageOwed = Map.of();
    private long available = 900;
    private long policyAvailable = 900;
    private long policyVersion = 3;

    private List<Finding> compare() {
        ProviderInvoice invoice = new ProviderInvoice(
                "in_1", "P-1", invoiceStatus, kind, new Money(499_900, "INR"), "sub_1", null, START, end, START, START);
        ProviderSubscription subscription = new ProviderSubscription(
                "stripe", "sub_1", "cus_1", theirs, START, START, END, cancelling, null, invoice, null, null, null);
        return Comparison.of(
                new Books(
                        new Books.Subscribed(3, ours, "stripe", "sub_1", START, END, false),
                        invoices,
                        lots,
                        available,
                        used,
                        notBooked,
                        beingTakenBack,
                        forgotten,
                        unearned,
                        overageOwed),
                new ProviderSays(subscription, Map.of("in_1", invoice)),
                new PolicyBalances(1_000, policyAvailable, 0, policyLots),
                policyVersion,
                NOW);
    }

    private String found() {
        return String.join(
                ", ",
                compare().stream()
                        .map(one -> one.kind() + " " + one.expected() + "≠" + one.found() + " → "
                                + one.repair().wire())
                        .toList());
    }

    @Test
    void overageThatWasPaidForAndNotGrantedIsADrift() {
        overageOwed = Map.of(OTHER, 120L);

        assertThat(compare())
                .containsExactly(new Finding(
                        "OVERAGE_NOT_GRANTED", OTHER.toString(), "a lot of 120", "none", Repair.FETCH_AND_APPLY));
    }

    @Test
    void sidesThatAgreeHaveNoDrift() {
        assertThat(compare()).isEmpty();
    }

    @Test
    void theProviderDecidesAboutTheSubscriptionAndItsInvoices() {
        theirs = SubscriptionStatus.PAST_DUE;
        cancelling = true;
        invoiceStatus = "open";

        assertThat(found())
                .isEqualTo("SUBSCRIPTION_STATUS active≠past_due → fetch_and_apply, "
                        + "SUBSCRIPTION_CANCELLATION false≠true → fetch_and_apply, "
                        + "INVOICE_STATUS paid≠open → fetch_and_apply");
    }

    @Test
    void whoWeSuspendedForNotPayingIsStillOverdueAtTheProvider() {
        ours = SubscriptionStatus.SUSPENDED;
        theirs = SubscriptionStatus.PAST_DUE;
        assertThat(compare()).isEmpty();
    }

    @Test
    void anInvoiceThatNobodyToldOfIsFetched() {
        invoices = List.of();
        used = Set.of();

        assertThat(found()).isEqualTo("INVOICE_MISSING none≠paid → fetch_and_apply");
    }

    @ParameterizedTest
    @EnumSource(
            value = ProviderInvoice.Kind.class,
            names = {"PERIOD", "CHANGE"})
    void moneyThatBroughtNothingIsFetchedAgainAndForAPersonWhenItsPeriodIsOver(ProviderInvoice.Kind paidFor) {
        kind = paidFor;
        used = Set.of("in_0");

        assertThat(found()).isEqualTo("INVOICE_WITHOUT_LOT a lot for 499900 INR≠none → fetch_and_apply");
        end = NOW;
        assertThat(found()).isEqualTo("INVOICE_WITHOUT_LOT a lot for 499900 INR≠none → none");
    }

    @Test
    void whatBringsNothingNeedsNoLot() {
        used = Set.of();
        kind = ProviderInvoice.Kind.OTHER;
        assertThat(compare()).isEmpty();

        kind = ProviderInvoice.Kind.PERIOD;
        invoices = List.of(new Books.Invoiced("stripe", "in_1", "paid", 499_900, "INR", 0));
        assertThat(compare()).isEmpty();

        invoiceStatus = "open";
        invoices = List.of(new Books.Invoiced("stripe", "in_1", "open", 499_900, "INR", 1_000));
        assertThat(compare()).isEmpty();
    }

    @Test
    void whatTheProviderDoesNotKnowIsForAPerson() {
        Books books = new Books(
                new Books.Subscribed(3, ours, "stripe", "sub_1", START, END, false),
                invoices,
                lots,
                900,
                used,
                Map.of(),
                false,
                List.of(),
                List.of());
        assertThat(Comparison.of(
                        books, new ProviderSays(null, Map.of()), new PolicyBalances(1_000, 900, 0, policyLots), 3, NOW))
                .extracting(Finding::kind, Finding::repair)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("SUBSCRIPTION_UNKNOWN", Repair.NONE),
                        org.assertj.core.groups.Tuple.tuple("INVOICE_UNKNOWN", Repair.NONE));
    }

    @Test
    void aLotThatPolicyDoesNotKnowExplainsTheBalance() {
        lots = List.of(lots.getFirst(), new Books.Lot(OTHER, 50, false, false, true));
        available = 950;
        assertThat(found()).isEqualTo("LOT_UNKNOWN_TO_POLICY 50≠unknown → repeat_grant");
    }

    @Test
    void aLotOnItsWayIsNoDrift() {
        lots = List.of(lots.getFirst(), new Books.Lot(OTHER, 50, false, false, false));
        available = 950;
        assertThat(compare()).isEmpty();
    }

    @Test
    void aLotEndsOnBothSides() {
        policyLots = List.of(new PolicyBalances.Lot(LOT, "plan", 1_000, 0, 900L));
        policyAvailable = 0;
        assertThat(found()).isEqualTo("LOT_END_NOT_BOOKED open≠900 unspent → book");

        policyLots = List.of(new PolicyBalances.Lot(LOT, "plan", 1_000, 900, null));
        policyAvailable = 900;
        lots = List.of(new Books.Lot(LOT, 1_000, false, true, true));
        assertThat(found()).isEqualTo("LOT_OPEN_AT_POLICY ending≠900 left → repeat_close");
    }

    @Test
    void whatTheLedgerLacksIsBookedAndExplainsTheBalance() {
        notBooked = Map.of("usage:" + OTHER, 100L);
        available = 1_000;
        assertThat(found()).isEqualTo("NOT_BOOKED 100≠no such entry → book");
    }

    @Test
    void whatNothingExplainsIsCompensated() {
        policyAvailable = 870;
        assertThat(found()).isEqualTo("BALANCE 900≠870 → compensate");

        beingTakenBack = true;
        assertThat(compare()).isEmpty();
    }

    @Test
    void aWithdrawalThatWasForgottenIsRepeatedBeforeAnythingIsCompensated() {
        policyAvailable = 870;
        forgotten = List.of(new Books.Withdrawal(OTHER, -30));
        assertThat(found())
                .isEqualTo("WITHDRAWAL_UNANSWERED -30≠no answer → repeat_withdrawal, BALANCE 900≠870 → none");
    }

    @Test
    void aPaymentForNothingIsForAPerson() {
        unearned = List.of(new Books.Unearned(OTHER, "499900 INR at stripe"));
        assertThat(compare())
                .containsExactly(new Finding(
                        "PAID_FOR_NOTHING",
                        OTHER.toString(),
                        "credits or a refund",
                        "499900 INR at stripe",
                        Repair.NONE));
    }

    @Test
    void lotsOfOtherSizeOrOriginAreForAPerson() {
        policyLots = List.of(
                new PolicyBalances.Lot(LOT, "plan", 990, 890, null),
                new PolicyBalances.Lot(OTHER, "plan", 10, 10, null));
        assertThat(found()).isEqualTo("LOT_CREDITS 1000≠990 → none, LOT_UNKNOWN_TO_BOOKS unknown≠10 → none");
    }

    @Test
    void policyHearsAgainOfAVersionThatItMissed() {
        policyVersion = 2;
        assertThat(found()).isEqualTo("ENTITLEMENT_BEHIND 3≠2 → repeat_subscription");
        policyVersion = 4;
        assertThat(found()).isEqualTo("ENTITLEMENT_AHEAD 3≠4 → none");
    }
}
