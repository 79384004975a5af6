package dev.parley.channel.webhook;

import dev.parley.platform.address.AddressRules;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Rules for the endpoints of outgoing webhooks. */
@ConfigMapping(prefix = "channel.webhook")
public interface WebhookConfig extends AddressRules {
    /** How many endpoints a tenant may have. */
    @WithDefault("50")
    int mostEndpoints();

    /** How long the previous secret signs too after a rotation. */
    @WithDefault("24h")
    Duration secretOverlap();
}
