package dev.parley.billing.payment;

import dev.parley.billing.money.Money;

/** A refund as its provider describes it. */
public record ProviderRefund(String id, State state, Money amount) {

    /** How far a refund is. */
    public enum State {
        /** Accepted, and on its way to the customer. */
        PENDING,
        /** Given back. */
        SUCCEEDED,
        /** Did not work: the money is still with the provider. */
        FAILED
    }
}
