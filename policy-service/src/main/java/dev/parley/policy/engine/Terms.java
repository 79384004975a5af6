package dev.parley.policy.engine;

import dev.parley.policy.rating.Rate;
import dev.parley.policy.rating.Rating;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one tenant may do at one policy version: its state and the plan version that it is on.
 *
 * @param policyVersion grows with every change of anything in here; 0 for an unknown tenant
 * @param version billing's version of the subscription; 0 when it never said anything
 * @param agents slugs of the agents in the plan; {@code *} stands for all
 * @param channels names of the channels in the plan; {@code *} stands for all
 * @param rates prices by meter; a meter of the catalogue that is not named costs nothing
 * @param agentRates by agent, the prices of those that have some of their own; the plan's fill in the rest
 * @param features what is switched on; {@code *} stands for all
 * @param quotas by name, the most units per period, or of a stock the most that there may be
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
        Map<String, Map<String, Rate>> agentRates,
        Set<String> features,
        Map<String, Long> quotas,
        Overage overage,
        @Nullable Instant periodStart,
        @Nullable Instant periodEnd) {

    /** Copies the collections, so that the terms never change. */
    public Terms {
        agents = Set.copyOf(agents);
        channels = Set.copyOf(channels);
        Map<String, Rate> common = Map.copyOf(rates);
        rates = common;
        agentRates = agentRates.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, own -> Rating.preferring(own.getValue(), common)));
        features = Set.copyOf(features);
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
                Set.of(),
                Map.of(),
                Overage.NONE,
                null,
                null);
    }

    /** What each meter costs when that agent works, or when none does. */
    public Map<String, Rate> ratesOf(@Nullable String agent) {
        return agent == null ? rates : agentRates.getOrDefault(agent, rates);
    }

    /** The same tenant at the same moment on another plan. */
    public Terms on(Terms other) {
        return new Terms(
                policyVersion,
                version,
                suspended,
                status,
                other.plan(),
                other.planVersion(),
                other.agents(),
                other.channels(),
                other.rates(),
                other.agentRates(),
                other.features(),
                other.quotas(),
                other.overage(),
                periodStart,
                periodEnd);
    }
}
