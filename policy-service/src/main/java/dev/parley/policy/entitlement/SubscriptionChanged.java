package dev.parley.policy.entitlement;

import dev.parley.policy.engine.Overage;
import dev.parley.policy.engine.SubscriptionStatus;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.rating.Rate;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Payload of {@code billing.subscription-changed.v1}: the whole entitlement at one version of the subscription. */
@RegisterForReflection
public record SubscriptionChanged(
        long version,
        String status,
        String plan,
        int planVersion,
        @Nullable Instant currentPeriodStart,
        @Nullable Instant currentPeriodEnd,
        @Nullable Granted entitlement) {

    /**
     * What the plan version includes.
     *
     * @param agentRates by agent and meter: what an agent of its own price costs instead of the plan's rates
     * @param features what the plan switches on
     * @param credits what each period brings; it comes by an event of its own
     */
    public record Granted(
            @Nullable Set<String> agents,
            @Nullable Set<String> channels,
            @Nullable Map<String, Rate> rates,
            @Nullable Map<String, Map<String, Rate>> agentRates,
            @Nullable Set<String> features,
            @Nullable Map<String, Long> quotas,
            @Nullable Mode overage,
            @Nullable Long credits) {

        /** Copies the collections, so that it never changes and one stands for all that are equal. */
        public Granted {
            agents = agents == null ? null : Set.copyOf(agents);
            channels = channels == null ? null : Set.copyOf(channels);
            rates = rates == null ? null : Map.copyOf(rates);
            agentRates = agentRates == null
                    ? null
                    : agentRates.entrySet().stream()
                            .collect(Collectors.toUnmodifiableMap(
                                    Map.Entry::getKey, agent -> Map.copyOf(agent.getValue())));
            features = features == null ? null : Set.copyOf(features);
            quotas = quotas == null ? null : Map.copyOf(quotas);
        }
    }

    /** The overage mode, with its hard cap in credits; without one nothing beyond the credits is allowed. */
    public record Mode(String mode, @Nullable Long cap) {
        Overage compiled() {
            if (mode == null) {
                throw new IllegalArgumentException("an overage has no mode");
            }
            Overage.Mode value = Overage.Mode.valueOf(mode.toUpperCase(Locale.ROOT));
            return value == Overage.Mode.BLOCK || cap == null ? Overage.NONE : new Overage(value, cap);
        }
    }

    /** The same with this plan instead of an equal one. */
    SubscriptionChanged on(Granted plan) {
        return new SubscriptionChanged(
                version, status, this.plan.intern(), planVersion, currentPeriodStart, currentPeriodEnd, plan);
    }

    /** Compiles the terms; throws {@link IllegalArgumentException} when a member is unknown or out of range. */
    Terms terms(long policyVersion, boolean suspended) {
        Granted granted =
                entitlement == null ? new Granted(null, null, null, null, null, null, null, null) : entitlement;
        Map<String, Long> quotas = orEmpty(granted.quotas());
        if (quotas.values().stream().anyMatch(quota -> quota < 0)) {
            throw new IllegalArgumentException("a quota is negative");
        }
        return new Terms(
                policyVersion,
                version,
                suspended,
                SubscriptionStatus.valueOf(status.toUpperCase(Locale.ROOT)),
                plan,
                planVersion,
                granted.agents() == null ? Set.of() : granted.agents(),
                granted.channels() == null ? Set.of() : granted.channels(),
                orEmpty(granted.rates()),
                orEmpty(granted.agentRates()),
                granted.features() == null ? Set.of() : granted.features(),
                quotas,
                granted.overage() == null ? Overage.NONE : granted.overage().compiled(),
                currentPeriodStart,
                currentPeriodEnd);
    }

    private static <V> Map<String, V> orEmpty(@Nullable Map<String, V> map) {
        return map == null ? Map.of() : map;
    }
}
