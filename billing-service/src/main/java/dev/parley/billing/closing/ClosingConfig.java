package dev.parley.billing.closing;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.time.Period;

/** When the ledger is closed. */
@ConfigMapping(prefix = "billing.closing")
interface ClosingConfig {
    /** How long after midnight (UTC) a day is closed: longer than a transaction and a clock that is off. */
    @WithDefault("1H")
    Duration after();

    /** How far back days that were never closed are looked for. */
    @WithDefault("P40D")
    Period reach();

    /** How often days to close are looked for; "off" switches it off. */
    @WithDefault("30M")
    String every();
}
