package dev.parley.policy.engine;

import dev.parley.policy.rating.Rate;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one tenant may do at one policy version: its state and the plan version that it is on.
 *
 * @param policyVersion grows with every change of anything in here; 0 for an unknown tenant
 * @param version billing's version of the subscription; 0 when it never said anything
 * @param agents slugs of the agents in the plan; {@code *} stands for all
 * @param channels names of the channels in the plan; {@code *} stands for all
 * @param rates prices by meter; a meter that is not named costs nothing
 * @param quotas most units per period, by meter
 * @param periodEnd when credits and quotas start again, if they do
 */
public record Terms(
        long policyVersion,
        long version,
        boolean suspended,
        SubscriptionStatus status,
        String plan,
        int planVersion,
        Set<String> agents,
        Set<String> channels,
        Map<String, Rate> rates,
        Map<String, Long> quotas,
        Overage overage,
        @Nullable Instant periodStart,
        @Nullable Instant periodEnd) {

    /** Copies the collections, so that the terms never change. */
    public Terms {
        agents = Set.copyOf(agents);
        channels = Set.copyOf(channels);
        rates = Map.copyOf(rates);
        quotas = Map.copyOf(quotas);
    }

    /** The terms of a tenant for which there is no subscription. */
    public static Terms withoutSubscription(long policyVersion, boolean suspended) {
        return new Terms(
                policyVersion,
                0,
                suspended,
                SubscriptionStatus.ENDED,
                "none",
                0,
                Set.of(),
                Set.of(),
                Map.of(),
                Map.of(),
                Overage.NONE,
                null,
                null);
    }

    boolean includesAgent(String agent) {
        return agents.contains(agent) || agents.contains("*");
    }

    boolean includesChannel(String channel) {
        return channels.contains(channel) || channels.contains("*");
    }
}
