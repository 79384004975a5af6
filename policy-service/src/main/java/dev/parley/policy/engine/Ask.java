package dev.parley.policy.engine;

import java.util.Map;

/**
 * What someone wants to do.
 *
 * @param agent slug of the agent that shall work
 * @param channel name of the channel it works on
 * @param estimate expected quantities by meter
 */
public record Ask(String agent, String channel, Map<String, Long> estimate) {
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
