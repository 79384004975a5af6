package dev.parley.billing.checkout;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A checkout that was begun.
 *
 * @param url where to pay; null when nothing is to pay and the subscription is active already
 */
record CheckoutResponse(
        UUID checkoutId, String provider, @Nullable String url) {
    static CheckoutResponse from(Checkout checkout) {
        return new CheckoutResponse(checkout.id(), checkout.provider(), checkout.url());
    }
}
