package dev.parley.policy.inbound;

import dev.parley.policy.engine.Meters;
import dev.parley.policy.hold.SettlementRequest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What policy reads of {@code agent.usage-recorded.v1}. */
@RegisterForReflection
record UsageRecorded(
        UUID operationId,
        @Nullable UUID conversationId,
        String agent,
        String channel,
        @Nullable Integer promptVersion,
        Map<String, Long> quantities,
        boolean estimated,
        @Nullable String hold) {

    /** The settlement that the caller would have asked for: a run answers one message. */
    SettlementRequest settlement() {
        Map<String, Long> used = new HashMap<>(quantities);
        used.putIfAbsent(Meters.MESSAGE, 1L);
        return new SettlementRequest(used, estimated, agent, channel, conversationId, null, promptVersion, hold);
    }
}
