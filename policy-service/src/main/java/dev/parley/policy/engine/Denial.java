package dev.parley.policy.engine;

import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A rule of the platform that denies what fits all of its conditions; an empty condition fits everything.
 *
 * @param id its name in decisions, behind {@code rules.}
 * @param remedy what the tenant is told to do
 */
public record Denial(
        String id, Set<String> agents, Set<String> channels, Set<String> plans, Set<UUID> tenants, String remedy) {
    /** Copies the conditions. */
    public Denial {
        agents = Set.copyOf(agents);
        channels = Set.copyOf(channels);
        plans = Set.copyOf(plans);
        tenants = Set.copyOf(tenants);
    }

    boolean denies(Terms terms, Ask ask) {
        return fits(agents, ask.agent())
                && fits(channels, ask.channel())
                && fits(plans, terms.plan())
                && fits(tenants, ask.tenant());
    }

    private static <T> boolean fits(Set<T> condition, @Nullable T value) {
        return condition.isEmpty() || value != null && condition.contains(value);
    }
}
