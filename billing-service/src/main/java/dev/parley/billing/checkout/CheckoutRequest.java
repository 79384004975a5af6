package dev.parley.billing.checkout;

import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * What a customer wants to buy: a plan or a pack.
 *
 * @param provider who is paid; stripe when nothing is said
 * @param successUrl where the customer goes after paying; needed unless the plan costs nothing
 */
record CheckoutRequest(
        @Nullable @Size(min = 1, max = 64) String plan,
        @Nullable @Size(min = 1, max = 64) String pack,
        @Nullable @Size(max = 32) String provider,

        @Nullable @Size(max = 2000) @Pattern(regexp = WEB_ADDRESS, message = "must be an http or https address")
        String successUrl,

        @Nullable @Size(max = 2000) @Pattern(regexp = WEB_ADDRESS, message = "must be an http or https address")
        String cancelUrl) {
    private static final String WEB_ADDRESS = "https?://[^\\s/?#]+\\S*";

    String providerOrDefault() {
        return provider == null ? "stripe" : provider;
    }
}
