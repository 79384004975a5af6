package dev.parley.billing.ledger;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One double entry: takes credits from one account and adds as many to another, so it is balanced by its shape.
 *
 * @param sourceKey names what caused it; the ledger accepts each source of a tenant once
 * @param credits above zero
 */
record LedgerTransfer(
        String sourceKey,
        String kind,
        LedgerAccount debit,
        LedgerAccount credit,
        long credits,
        @Nullable UUID operationId,
        Instant occurredAt) {

    LedgerTransfer {
        if (credits <= 0) {
            throw new IllegalArgumentException("a transfer moves more than zero credits: " + credits);
        }
        if (debit == credit) {
            throw new IllegalArgumentException("a transfer needs two accounts: " + debit);
        }
    }

    static LedgerTransfer grant(UUID lotId, long credits, Instant at) {
        return new LedgerTransfer(
                "grant:" + lotId, "grant", LedgerAccount.GRANTED, LedgerAccount.AVAILABLE, credits, null, at);
    }

    static LedgerTransfer usage(UUID operationId, long credits, Instant at) {
        return new LedgerTransfer(
                "usage:" + operationId,
                "usage",
                LedgerAccount.AVAILABLE,
                LedgerAccount.CONSUMED,
                credits,
                operationId,
                at);
    }

    static LedgerTransfer expiry(UUID lotId, long unspent, Instant at) {
        return new LedgerTransfer(
                "expiry:" + lotId, "expiry", LedgerAccount.AVAILABLE, LedgerAccount.EXPIRED, unspent, null, at);
    }

    /** Takes back what was left of a lot because its price goes back; a lot ends once, whatever ends it. */
    static LedgerTransfer paymentRefund(UUID lotId, long unspent, Instant at) {
        return new LedgerTransfer(
                "expiry:" + lotId, "payment-refund", LedgerAccount.AVAILABLE, LedgerAccount.GRANTED, unspent, null, at);
    }

    /** Takes back a part of a lot whose price goes back; the rest of the lot ends later. */
    static LedgerTransfer partRefund(UUID lotId, long credits, Instant at) {
        return new LedgerTransfer(
                "payment-refund:" + lotId,
                "payment-refund",
                LedgerAccount.AVAILABLE,
                LedgerAccount.GRANTED,
                credits,
                null,
                at);
    }

    /** Gives back what an operation was charged: a lot of its own, which did not come out of nothing. */
    static LedgerTransfer refund(UUID lotId, UUID operationId, long credits, Instant at) {
        return new LedgerTransfer(
                "refund:" + lotId, "refund", LedgerAccount.CONSUMED, LedgerAccount.AVAILABLE, credits, operationId, at);
    }

    /** Takes granted credits back. */
    static LedgerTransfer correction(UUID adjustmentId, long credits, Instant at) {
        return new LedgerTransfer(
                "correction:" + adjustmentId,
                "correction",
                LedgerAccount.AVAILABLE,
                LedgerAccount.GRANTED,
                credits,
                null,
                at);
    }

    /** Moves the balance of an account by a difference that reconciliation found. */
    static LedgerTransfer repair(UUID driftId, LedgerAccount account, long difference, Instant at) {
        boolean more = difference > 0;
        return new LedgerTransfer(
                "repair:" + driftId,
                "repair",
                more ? LedgerAccount.REPAIRED : account,
                more ? account : LedgerAccount.REPAIRED,
                Math.absExact(difference),
                null,
                at);
    }

    /** What this does to an account's balance. */
    long effectOn(LedgerAccount account) {
        if (account == debit) {
            return -credits;
        }
        return account == credit ? credits : 0;
    }
}
