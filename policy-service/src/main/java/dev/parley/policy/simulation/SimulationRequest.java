package dev.parley.policy.simulation;

import dev.parley.policy.entitlement.PlanDraft;
import dev.parley.policy.rules.RulesDocument;
import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Asks what would have been answered.
 *
 * @param plan a plan as it would be published; it is tried on the tenants that were on a version of it
 * @param rules rules as they would be drafted; they are tried on all tenants
 * @param from the first moment
 * @param to the moment behind the last
 */
public record SimulationRequest(
        @Nullable @Valid PlanDraft plan,
        @Nullable @Valid RulesDocument rules,
        @NotNull Instant from,
        @NotNull Instant to) {

    /** Whether it says what to try, and only one thing. */
    @AssertTrue(message = "must be given, or rules instead, and not both")
    boolean isPlanOrRules() {
        return (plan == null) != (rules == null);
    }

    /** Whether there is a time between its ends. */
    @AssertTrue(message = "must be after from")
    boolean isTimeSpan() {
        return from == null || to == null || from.isBefore(to);
    }
}
