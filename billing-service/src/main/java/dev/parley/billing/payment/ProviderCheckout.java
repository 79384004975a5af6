package dev.parley.billing.payment;

import org.jspecify.annotations.Nullable;

/**
 * A checkout as its provider describes it.
 *
 * @param url where to pay, while it is open
 * @param subscriptionId set once a plan is paid
 * @param paymentId the payment of a pack, set once the provider has the money
 * @param reference our names, or null when the object is not ours
 */
public record ProviderCheckout(
        String sessionId,
        State state,
        @Nullable String url,
        @Nullable String subscriptionId,
        @Nullable String paymentId,
        @Nullable CheckoutReference reference) {

    /** How far a checkout is. */
    public enum State {
        /** May still be paid. */
        OPEN,
        /** Paid, or accepted by the provider. */
        COMPLETED,
        /** Can no longer be paid. */
        EXPIRED
    }
}
