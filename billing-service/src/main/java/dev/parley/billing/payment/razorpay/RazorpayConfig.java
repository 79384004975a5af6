package dev.parley.billing.payment.razorpay;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** How Razorpay is reached. */
@ConfigMapping(prefix = "billing.razorpay")
interface RazorpayConfig {
    /** Where the API is; Razorpay's own unless a simulator stands in. */
    @WithDefault("https://api.razorpay.com")
    URI apiBase();

    /** The id of the account's API key; pages show it. */
    String keyId();

    /** The secret of the account's API key; it signs a checkout's answer too. */
    String keySecret();

    /** The secret of the webhook; never the key's. */
    String webhookSecret();

    /** The webhook's secret before the last rotation: Razorpay goes on signing retries with it for a day. */
    Optional<String> previousWebhookSecret();

    /** Under which address customers' browsers reach us, for the way to Razorpay's page and back. */
    URI publicUrl();

    /** The longest wait for a connection. */
    @WithDefault("3S")
    Duration connectTimeout();

    /** The longest wait for an answer to begin, and as long again for its end. */
    @WithDefault("8S")
    Duration readTimeout();

    /** How often a question is repeated; what changes something is never sent twice. */
    @WithDefault("2")
    int retries();

    /** How many years a subscription may go on: Razorpay wants an end, and mandates have one. */
    @WithDefault("10")
    int years();

    /**
     * How long before the end of a period Razorpay is told that a subscription ends with it. It can neither tell nor
     * take back what it was told, so until then the wish is kept here.
     */
    @WithDefault("1D")
    Duration endingLead();

    /** Where a simulator moves test clocks, which Razorpay itself does not have. */
    Optional<URI> clocksUrl();
}
