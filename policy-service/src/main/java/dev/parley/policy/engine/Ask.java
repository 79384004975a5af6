package dev.parley.policy.engine;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What someone wants to do.
 *
 * @param tenant who asks
 * @param agent slug of the agent that shall work; null when no agent works
 * @param channel name of the channel it works on; null when there is none
 * @param feature what must be switched on for it, if anything
 * @param estimate expected quantities by meter; of a stock how many there are now, when one more is wanted
 * @param contact what is known of the person who would be written to; null when nobody would
 */
public record Ask(
        UUID tenant,
        @Nullable String agent,
        @Nullable String channel,
        @Nullable String feature,
        Map<String, Long> estimate,
        @Nullable Contact contact) {
    /**
     * The person who would be written to.
     *
     * @param optedOut whether that person asked to be sent nothing more
     */
    public record Contact(boolean optedOut) {}

    /** Something by which nobody is written to. */
    public Ask(
            UUID tenant,
            @Nullable String agent,
            @Nullable String channel,
            @Nullable String feature,
            Map<String, Long> estimate) {
        this(tenant, agent, channel, feature, estimate, null);
    }

    /** Copies the estimate. */
    public Ask {
        estimate = Map.copyOf(estimate);
    }

    /** Whether a language model will be called. */
    boolean callsModel() {
        return estimate.containsKey(Meters.MESSAGE)
                || estimate.containsKey(Meters.INPUT_TOKENS)
                || estimate.containsKey(Meters.OUTPUT_TOKENS);
    }
}
