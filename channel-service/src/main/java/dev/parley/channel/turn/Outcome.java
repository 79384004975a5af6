package dev.parley.channel.turn;

import dev.parley.channel.outbound.PolicyDecision;
import dev.parley.channel.outbound.RunResult;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** All that answering one turn brought, to be stored at once. */
public record Outcome(
        PolicyDecision decision,
        Instant decidedAt,
        RunResult run,
        Instant ranAt,
        @Nullable Long credits,
        @Nullable Instant settledAt) {
    /** The same with its price. */
    public Outcome priced(@Nullable Long price, Instant at) {
        return new Outcome(decision, decidedAt, run, ranAt, price, at);
    }
}
