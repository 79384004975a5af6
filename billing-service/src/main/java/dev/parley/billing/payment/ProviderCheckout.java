package dev.parley.billing.payment;

import org.jspecify.annotations.Nullable;

/**
 * A checkout as its provider describes it.
 *
 * @param url where to pay, while it is open
 * @param subscriptionId set once it is paid
 * @param reference our names, or null when the object is not ours
 */
public record ProviderCheckout(
        String sessionId,
        State state,
        @Nullable String url,
        @Nullable String subscriptionId,
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
