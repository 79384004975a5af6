package dev.parley.agent.provider.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.LlmFailure;
import dev.parley.agent.provider.LlmProvider;
import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.wire.ProviderTransport;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.function.Consumer;

/** Speaks {@code POST /chat/completions} as OpenAI and the many servers compatible with it do. */
@Singleton
public class OpenAiProvider implements LlmProvider {
    private static final int MAX_NESTING = 100;
    private static final String REFUSED = "content_filter";

    private final ProviderTransport transport;
    private final ObjectMapper json;

    @Inject
    public OpenAiProvider(ProviderTransport transport) {
        this.transport = transport;
        this.json = new ObjectMapper(JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_NESTING)
                        .build())
                .build());
    }

    @Override
    public String kind() {
        return "openai";
    }

    @Override
    public LlmReply complete(LlmEndpoint endpoint, LlmRequest request) {
        JsonNode answer =
                read(transport.post(address(endpoint), headers(endpoint), OpenAiRequest.write(json, request, false)));
        JsonNode choice = answer.path("choices").path(0);
        JsonNode message = choice.path("message");
        String refusal = message.path("refusal").asText("");
        String text = message.path("content").asText("");
        String finishReason = choice.path("finish_reason").asText(null);
        if (finishReason == null) {
            throw new LlmFailure(LlmFailure.Reason.FAILED, "The model provider broke off its answer.");
        }
        ToolCallPieces calls = new ToolCallPieces();
        int index = 0;
        for (JsonNode call : message.path("tool_calls")) {
            calls.add(index++, call);
        }
        return new LlmReply(
                text.isEmpty() ? refusal : text,
                answer.path("model").asText(request.model()),
                refusal.isEmpty() ? finishReason : REFUSED,
                usage(answer.path("usage")),
                calls.whole());
    }

    @Override
    public LlmReply stream(LlmEndpoint endpoint, LlmRequest request, Consumer<String> delta) {
        Assembly assembly = new Assembly(request.model(), delta);
        transport.stream(
                address(endpoint), headers(endpoint), OpenAiRequest.write(json, request, true), assembly::event);
        return assembly.reply();
    }

    private static URI address(LlmEndpoint endpoint) {
        return URI.create(endpoint.baseUrl() + "/chat/completions");
    }

    private static Map<String, String> headers(LlmEndpoint endpoint) {
        return endpoint.apiKey() == null || endpoint.apiKey().isEmpty()
                ? Map.of()
                : Map.of("authorization", "Bearer " + endpoint.apiKey());
    }

    private JsonNode read(byte[] body) {
        try {
            JsonNode node = json.readTree(body);
            if (node.isObject()) {
                return node;
            }
        } catch (IOException malformed) {
            throw new LlmFailure(LlmFailure.Reason.FAILED, "The model provider's answer is unreadable.", malformed);
        }
        throw new LlmFailure(LlmFailure.Reason.FAILED, "The model provider's answer is unreadable.");
    }

    private static LlmReply.Usage usage(JsonNode usage) {
        JsonNode input = usage.path("prompt_tokens");
        JsonNode output = usage.path("completion_tokens");
        boolean reported =
                input.canConvertToInt() && output.canConvertToInt() && input.intValue() >= 0 && output.intValue() >= 0;
        return reported ? new LlmReply.Usage(input.intValue(), output.intValue()) : null;
    }

    /** Puts a stream's chunks together and tells a whole stream from a cut one. */
    private final class Assembly {
        private final Consumer<String> delta;
        private final StringBuilder text = new StringBuilder();
        private final ToolCallPieces calls = new ToolCallPieces();
        private String model;
        private String finishReason;
        private boolean refused;
        private LlmReply.Usage usage;

        Assembly(String model, Consumer<String> delta) {
            this.model = model;
            this.delta = delta;
        }

        void event(String name, byte[] data) {
            if (data.length == 0 || isDone(data)) {
                return;
            }
            JsonNode chunk = read(data);
            if (chunk.hasNonNull("error")) {
                throw new LlmFailure(
                        LlmFailure.Reason.FAILED, "The model provider failed in the middle of its answer.");
            }
            model = chunk.path("model").asText(model);
            JsonNode choice = chunk.path("choices").path(0);
            piece(choice.path("delta").path("content").asText(""));
            String refusal = choice.path("delta").path("refusal").asText("");
            refused |= !refusal.isEmpty();
            piece(refusal);
            for (JsonNode call : choice.path("delta").path("tool_calls")) {
                calls.add(call.path("index").asInt(0), call);
            }
            if (choice.hasNonNull("finish_reason")) {
                finishReason = choice.get("finish_reason").asText();
            }
            if (chunk.hasNonNull("usage")) {
                usage = usage(chunk.get("usage"));
            }
        }

        private void piece(String piece) {
            if (!piece.isEmpty()) {
                text.append(piece);
                delta.accept(piece);
            }
        }

        private static boolean isDone(byte[] data) {
            return data.length == 6 && data[0] == '[' && data[1] == 'D' && data[5] == ']';
        }

        LlmReply reply() {
            if (finishReason == null) {
                throw new LlmFailure(LlmFailure.Reason.FAILED, "The model provider broke off its answer.");
            }
            return new LlmReply(text.toString(), model, refused ? REFUSED : finishReason, usage, calls.whole());
        }
    }
}
