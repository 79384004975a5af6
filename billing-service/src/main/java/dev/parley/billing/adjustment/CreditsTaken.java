package dev.parley.billing.adjustment;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.UUID;

/** Payload of {@code policy.credits-taken.v1}: what a withdrawal came to. */
@RegisterForReflection
public record CreditsTaken(UUID withdrawalId, long credits, List<Part> lots) {

    /** What one lot gave. */
    @RegisterForReflection
    public record Part(UUID lotId, long credits) {}
}
