package dev.parley.channel.outbound;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an operation used, by meter.
 *
 * @param hold the id of its hold, as the decision gave it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SettlementRequest(
        Map<String, Long> quantities,
        boolean estimated,
        String agent,
        String channel,
        @Nullable UUID conversationId,
        @Nullable String userId,
        @Nullable Integer promptVersion,
        @Nullable String hold) {}
