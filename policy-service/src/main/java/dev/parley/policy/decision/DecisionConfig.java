package dev.parley.policy.decision;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What is written of decisions, and how old their figures may be. */
@ConfigMapping(prefix = "policy.decision")
interface DecisionConfig {
    /** The decision log. */
    Log log();

    /** Settings of the decision log. */
    interface Log {
        /** Whether decisions that hold nothing are logged; those that hold always are. */
        @WithDefault("true")
        boolean enabled();

        /** How long a decision from memory may wait to be logged with others. */
        @WithDefault("0.05S")
        Duration gather();

        /** So many may wait; beyond that nothing is decided from memory. */
        @WithDefault("50000")
        int mostWaiting();
    }

    /**
     * So many decisions of one tenant ask the database at once: they wait for the tenant's balance one after the other
     * anyway, and when somebody keeps it locked the other tenants must find a connection.
     */
    @WithDefault("4")
    int mostAtOnce();

    /** How long the others wait for their turn; less than callers wait for an answer. */
    @WithDefault("4S")
    Duration turnPatience();

    /** How old the figures of a decision that holds nothing may be, while they are far from any limit. */
    @WithDefault("30S")
    Duration figuresAge();

    /** For how long after its last decision a tenant's figures are kept fresh. */
    @WithDefault("10M")
    Duration figuresKept();

    /** How often figures are looked through for old ones. */
    @WithDefault("1S")
    String figuresRefreshInterval();
}
