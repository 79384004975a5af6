package dev.parley.policy.hold;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of holds. */
@ConfigMapping(prefix = "policy.hold")
interface HoldConfig {
    /** How long a hold keeps its credits. */
    @WithDefault("3M")
    Duration lifetime();

    /**
     * How long the usage of an operation that nobody knows waits for the log of whoever decided about it; a replica that
     * has not logged by then is dead, and its lease is over.
     */
    @WithDefault("10S")
    Duration unknownPatience();

    /** How long the usage of a run waits for its caller to settle or to give the hold back. */
    @WithDefault("10S")
    Duration callerPatience();

    /** How often expired holds are given back; read by the scheduler. */
    @WithDefault("5S")
    String sweepInterval();

    /** How many settled operations each replica remembers, so that their usage events cost no query. */
    @WithDefault("20000")
    int rememberedSettlements();
}
