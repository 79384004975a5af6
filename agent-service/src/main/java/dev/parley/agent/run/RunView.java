package dev.parley.agent.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A run as a tenant's admins see it.
 *
 * @param id the operation's, which a message shows
 * @param messages the conversation that was asked, in OpenAI's form, without the agent's instructions; null when it is
 *     not kept any more
 * @param rerunOf the operation that was made again, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunView(
        UUID id,
        UUID runId,
        String conversationId,
        String agent,
        String channel,
        String status,
        Integer promptVersion,
        String provider,
        String model,
        String keyOwner,
        JsonNode messages,
        JsonNode parameters,
        String text,
        List<RunResult.ToolCall> toolCalls,
        String finishReason,
        RunResult.Usage usage,
        String problem,
        UUID rerunOf,
        Instant startedAt,
        Instant finishedAt) {
    static RunView of(RunService.KeptRun kept, ObjectMapper json) {
        RunRepository.Row run = kept.run();
        return new RunView(
                kept.operationId(),
                run.id(),
                run.conversationId(),
                run.agent(),
                run.channel(),
                run.status(),
                run.promptVersion(),
                run.provider(),
                run.model(),
                run.keyOwner(),
                kept.asked().map(asked -> asked.conversation(json)).orElse(null),
                kept.asked().map(asked -> parameters(asked.request())).orElse(null),
                run.text(),
                run.toolCalls(),
                run.finishReason(),
                run.finished() ? new RunResult.Usage(run.inputTokens(), run.outputTokens(), run.estimated()) : null,
                run.problem(),
                run.rerunOf(),
                run.startedAt(),
                run.finishedAt());
    }

    private static JsonNode parameters(JsonNode request) {
        ObjectNode parameters = request.deepCopy();
        return parameters.without(List.of("messages"));
    }
}
