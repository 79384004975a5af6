package dev.parley.billing.reconciliation;

import dev.parley.billing.payment.SubscriptionStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What our books say of one tenant, as of one moment.
 *
 * @param subscription the current subscription, or null when there is none
 * @param invoices those of the last weeks and those that are not settled
 * @param lots all lots
 * @param available the ledger's balance of credits:available
 * @param used the provider's invoices that brought credits, whose change of plan was settled, or that are unearned
 * @param notBooked entries that the ledger lacks: their source key and credits
 * @param beingTakenBack whether policy was just asked to take credits back and has not answered yet
 * @param forgotten withdrawals that policy ought to have answered long ago
 * @param unearned paid invoices of replaced subscriptions for which the customer has nothing
 * @param overageOwed overage that a paid invoice charges and whose lot is missing: the charge and its credits
 */
record Books(
        @Nullable Subscribed subscription,
        List<Invoiced> invoices,
        List<Lot> lots,
        long available,
        Set<String> used,
        Map<String, Long> notBooked,
        boolean beingTakenBack,
        List<Withdrawal> forgotten,
        List<Unearned> unearned,
        Map<UUID, Long> overageOwed) {

    /** Books in which no overage is owed. */
    Books(
            @Nullable Subscribed subscription,
            List<Invoiced> invoices,
            List<Lot> lots,
            long available,
            Set<String> used,
            Map<String, Long> notBooked,
            boolean beingTakenBack,
            List<Withdrawal> forgotten,
            List<Unearned> unearned) {
        this(subscription, invoices, lots, available, used, notBooked, beingTakenBack, forgotten, unearned, Map.of());
    }

    /** The current subscription. */
    record Subscribed(
            long version,
            SubscriptionStatus status,
            @Nullable String provider,
            @Nullable String providerId,
            Instant periodStart,
            Instant periodEnd,
            boolean cancelAtPeriodEnd) {}

    /**
     * One invoice as it was stored.
     *
     * @param planCredits the credits of the plan that it charges
     */
    record Invoiced(
            String provider, String providerId, String status, long amount, String currency, long planCredits) {}

    /** Credits that policy was asked to take back. */
    record Withdrawal(UUID id, long credits) {}

    /** A payment that brought nothing; {@code paid} says how much and to whom. */
    record Unearned(UUID invoiceId, String paid) {}

    /**
     * One lot.
     *
     * @param credits as granted, less what was taken back
     * @param endedLongAgo whether its end was asked for some minutes ago
     */
    record Lot(UUID id, long credits, boolean closed, boolean endedLongAgo, boolean grantedLongAgo) {}
}
