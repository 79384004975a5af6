package dev.parley.policy.inbound;

import dev.parley.policy.hold.SettlementRequest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What policy reads of {@code agent.usage-recorded.v1}.
 *
 * @param keyOwner {@code tenant} where the tenant pays the provider with its own key
 */
@RegisterForReflection
record UsageRecorded(
        UUID operationId,
        @Nullable UUID conversationId,
        String agent,
        String channel,
        @Nullable Integer promptVersion,
        Map<String, Long> quantities,
        boolean estimated,
        @Nullable String hold,
        @Nullable String keyOwner) {
    private static final String TOKENS = "llm.";

    /** The settlement that the caller would have asked for; who pays the provider does not pay for tokens here. */
    SettlementRequest settlement() {
        Map<String, Long> used = new HashMap<>(quantities);
        if ("tenant".equals(keyOwner)) {
            used.keySet().removeIf(meter -> meter.startsWith(TOKENS));
        }
        return new SettlementRequest(used, estimated, agent, channel, conversationId, null, promptVersion, hold);
    }
}
