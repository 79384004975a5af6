package dev.parley.channel.outbound;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What agent-service has to answer.
 *
 * @param hold the id of the hold that pays for it, as the decision gave it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunRequest(
        UUID operationId,
        UUID conversationId,
        String agent,
        String channel,
        List<PromptMessage> messages,
        @Nullable RunLimits limits,
        @Nullable RunParameters parameters,
        @Nullable String hold) {}
