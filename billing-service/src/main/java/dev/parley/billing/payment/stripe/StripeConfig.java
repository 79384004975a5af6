package dev.parley.billing.payment.stripe;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** How Stripe is reached. */
@ConfigMapping(prefix = "billing.stripe")
interface StripeConfig {
    /** Where the API is; Stripe's own unless a simulator stands in. */
    @WithDefault("https://api.stripe.com")
    URI apiBase();

    /** The account's secret key. */
    String secretKey();

    /** The signing secret of the webhook endpoint. */
    String webhookSecret();

    /** The signing secret before the last rotation: Stripe goes on signing retries with it for a while. */
    Optional<String> previousWebhookSecret();

    /** How far a webhook's time may be from ours, in either direction. */
    @WithDefault("300S")
    Duration webhookTolerance();

    /** The longest wait for a connection. */
    @WithDefault("3S")
    Duration connectTimeout();

    /** The longest wait for an answer. */
    @WithDefault("8S")
    Duration readTimeout();

    /** The longest wait for a test clock to reach its new time; Stripe needs some seconds for each renewal on the way. */
    @WithDefault("60S")
    Duration clockPatience();

    /** How often a call is repeated with the same idempotency key. */
    @WithDefault("2")
    int retries();
}
