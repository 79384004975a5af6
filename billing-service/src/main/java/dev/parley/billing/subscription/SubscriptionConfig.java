package dev.parley.billing.subscription;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How subscriptions begin, and how patient we are. */
@ConfigMapping(prefix = "billing.subscription")
interface SubscriptionConfig {
    /** The plan that every new tenant tries. */
    @WithDefault("free")
    String trialPlan();

    /** The length of the trial when the plan does not say. */
    @WithDefault("14")
    int trialDays();

    /** How long access stays whole after a failed payment. */
    @WithDefault("7D")
    Duration grace();

    /** How long a paid lot outlives its period, because a renewal's invoice is paid some time after it. */
    @WithDefault("2H")
    Duration renewalGrace();

    /** How long before the end of a period its overage is charged, so that the invoice of the next period carries it. */
    @WithDefault("1H")
    Duration overageLead();
}
