package dev.parley.channel.turn;

import dev.parley.platform.problem.Problem;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That an agent does not answer at this time, by the schedule that its tenant set.
 *
 * @param text what the tenant wants to be said
 * @param handoff whether the conversation is to wait for a person
 * @param opensAt when the agent answers again; null for never
 */
public record Closed(
        @Nullable String text, boolean handoff, @Nullable Instant opensAt) {
    /** The code by which agent-service says so. */
    public static final String CODE = "AGENT_CLOSED";

    /** What such a problem says. */
    public static Closed of(Problem problem) {
        return new Closed(
                problem.members().get("text") instanceof String text ? text : null,
                Boolean.TRUE.equals(problem.members().get("handoff")),
                problem.members().get("opens_at") instanceof String opens ? Instant.parse(opens) : null);
    }

    /** Such a problem as whoever waits for the answer is told it, for whom no person is asked. */
    public static Problem told(Problem problem) {
        return new Problem(problem.type())
                .with("text", problem.members().get("text"))
                .with("opens_at", problem.members().get("opens_at"));
    }
}
