package dev.parley.billing.reconciliation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How reconciliation looks. */
@ConfigMapping(prefix = "billing.reconciliation")
interface ReconciliationConfig {
    /**
     * When it runs each night, as a cron expression in UTC; "off" switches it off. Once a night: the later times are for a
     * run that was given up, all of them before a run that goes on counts as dead.
     */
    @WithDefault("0 30 2-7 * * ?")
    String at();

    /** How long after a first look a second one must find the same: events are on their way meanwhile. */
    @WithDefault("3S")
    Duration pause();

    /** How long a lot may be on its way to policy before that is a drift. */
    @WithDefault("2M")
    Duration patience();

    /** How far back settled invoices are asked for. */
    @WithDefault("40D")
    Duration reach();
}
