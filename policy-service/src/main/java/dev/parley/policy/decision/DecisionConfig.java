package dev.parley.policy.decision;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How large a model call is assumed to be before it is made, in tokens; and what is written of decisions. */
@ConfigMapping(prefix = "policy.decision")
interface DecisionConfig {
    /** The most that a run may send to the model. */
    @WithDefault("8000")
    int maxInputTokens();

    /** Added to the caller's estimate of input for the agent's system prompt. */
    @WithDefault("1000")
    int systemPromptTokens();

    /** Reserved for the answer when the caller does not say how long it may be. */
    @WithDefault("1024")
    int defaultOutputTokens();

    /** The shortest answer that is worth a call. */
    @WithDefault("64")
    int minOutputTokens();

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

    /** How old the figures of a decision that holds nothing may be, while they are far from any limit. */
    @WithDefault("30S")
    Duration figuresAge();
}
