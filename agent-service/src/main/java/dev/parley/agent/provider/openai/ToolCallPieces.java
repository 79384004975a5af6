package dev.parley.agent.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.agent.provider.LlmFailure;
import dev.parley.agent.provider.LlmMessage;
import java.util.List;
import java.util.TreeMap;

/** Puts function calls together out of the pieces of a stream; a whole answer comes as one piece for each call. */
final class ToolCallPieces {
    private static final int MOST_CALLS = 128;

    private final TreeMap<Integer, Call> calls = new TreeMap<>();

    private static final class Call {
        private String id;
        private final StringBuilder name = new StringBuilder();
        private final StringBuilder arguments = new StringBuilder();
    }

    void add(int index, JsonNode piece) {
        if (index < 0 || index >= MOST_CALLS) {
            throw new LlmFailure(LlmFailure.Reason.FAILED, "The model calls too many functions at once.");
        }
        Call call = calls.computeIfAbsent(index, any -> new Call());
        if (piece.hasNonNull("id")) {
            call.id = piece.get("id").asText();
        }
        call.name.append(piece.path("function").path("name").asText(""));
        call.arguments.append(piece.path("function").path("arguments").asText(""));
    }

    /** The calls in their order; some servers name none. */
    List<LlmMessage.ToolCall> whole() {
        return calls.entrySet().stream()
                .map(entry -> new LlmMessage.ToolCall(
                        entry.getValue().id == null ? "" : entry.getValue().id,
                        entry.getValue().name.toString(),
                        entry.getValue().arguments.toString()))
                .toList();
    }
}
