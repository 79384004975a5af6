package dev.parley.agent.provider.anthropic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.model.anthropic.AnthropicChatResponseMetadata;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Why an answer ended. langchain4j knows the commoner reasons only, and calls all others the same. */
final class StopReason {
    private static final ObjectMapper JSON = new ObjectMapper();

    private StopReason() {}

    /** In the words of {@link dev.parley.agent.provider.LlmReply}. */
    static String of(ChatResponse response) {
        return switch (response.finishReason()) {
            case STOP -> "stop";
            case LENGTH -> "length";
            case CONTENT_FILTER -> "content_filter";
            case TOOL_EXECUTION -> "tool_calls";
            case OTHER -> said(response);
        };
    }

    private static String said(ChatResponse response) {
        String written =
                response.metadata() instanceof AnthropicChatResponseMetadata metadata ? written(metadata) : null;
        return switch (written) {
            case "refusal" -> "content_filter";
            // A turn is paused for functions of the vendor's own, which we offer none of: what there is, is a piece.
            case "model_context_window_exceeded", "pause_turn" -> "length";
            case null, default -> "stop";
        };
    }

    private static @Nullable String written(AnthropicChatResponseMetadata metadata) {
        if (metadata.rawHttpResponse() != null && metadata.rawHttpResponse().body() != null) {
            return read(metadata.rawHttpResponse().body(), "/stop_reason");
        }
        List<ServerSentEvent> events = metadata.rawServerSentEvents();
        return events == null
                ? null
                : events.reversed().stream()
                        .filter(event -> event.data() != null && event.data().contains("\"stop_reason\""))
                        .map(event -> read(event.data(), "/delta/stop_reason"))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
    }

    private static @Nullable String read(String json, String pointer) {
        try {
            return JSON.readTree(json).at(pointer).textValue();
        } catch (JsonProcessingException unreadable) {
            return null;
        }
    }
}
