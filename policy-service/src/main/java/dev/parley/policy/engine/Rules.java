package dev.parley.policy.engine;

import java.util.List;

/**
 * What holds for all tenants at one version of the platform's rules.
 *
 * @param version 0 for those that are in force before any was activated
 * @param sizing how large model calls are assumed to be
 * @param denials asked in their order
 */
public record Rules(int version, Sizing sizing, List<Denial> denials) {
    /** Copies the denials. */
    public Rules {
        denials = List.copyOf(denials);
    }
}
