package dev.parley.policy.decision;

import dev.parley.policy.engine.ReasonCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** For each agent that was asked for, in the same order, whether it may be used. */
public record AgentsResponse(List<Item> items) {
    /** One agent; {@code reasonCode} is absent when it is allowed. */
    public record Item(
            String agent, boolean allow, @Nullable ReasonCode reasonCode) {}
}
