package dev.parley.agent.provider.google;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.LlmFailure;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmProvider;
import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.ReadableFiles;
import dev.parley.agent.provider.wire.ProviderTransport;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Speaks the Gemini API's {@code generateContent} and {@code streamGenerateContent}. */
@Singleton
public class GoogleProvider implements LlmProvider {
    private static final int MAX_NESTING = 100;
    private static final String CUT = "The model provider broke off its answer.";
    private static final String UNREADABLE = "The model provider's answer is unreadable.";

    private final ProviderTransport transport;
    private final ObjectMapper json;
    private final GoogleRequest requests;

    @Inject
    public GoogleProvider(ProviderTransport transport) {
        this.transport = transport;
        this.json = new ObjectMapper(JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_NESTING)
                        .build())
                .build());
        this.requests = new GoogleRequest(json);
    }

    @Override
    public String kind() {
        return "google";
    }

    @Override
    public Set<String> reads() {
        return ReadableFiles.ALL;
    }

    @Override
    public LlmReply complete(LlmEndpoint endpoint, LlmRequest request) {
        Assembly assembly = new Assembly(request.model(), piece -> {});
        assembly.event(
                null,
                transport.post(
                        address(endpoint, request, "generateContent"), headers(endpoint), requests.write(request)));
        return assembly.reply();
    }

    @Override
    public LlmReply stream(LlmEndpoint endpoint, LlmRequest request, Consumer<String> delta) {
        Assembly assembly = new Assembly(request.model(), delta);
        transport.stream(
                address(endpoint, request, "streamGenerateContent?alt=sse"),
                headers(endpoint),
                requests.write(request),
                assembly::event);
        return assembly.reply();
    }

    private static URI address(LlmEndpoint endpoint, LlmRequest request, String method) {
        String model = URLEncoder.encode(request.model(), StandardCharsets.UTF_8);
        return URI.create(endpoint.baseUrl() + "/models/" + model + ":" + method);
    }

    private static Map<String, String> headers(LlmEndpoint endpoint) {
        return endpoint.apiKey() == null || endpoint.apiKey().isEmpty()
                ? Map.of()
                : Map.of("x-goog-api-key", endpoint.apiKey());
    }

    /** Puts an answer together; a whole one comes as one piece. */
    private final class Assembly {
        private final Consumer<String> delta;
        private final StringBuilder text = new StringBuilder();
        private final List<LlmMessage.ToolCall> calls = new ArrayList<>();
        private String model;
        private String finishReason;
        private LlmReply.Usage usage;

        Assembly(String model, Consumer<String> delta) {
            this.model = model;
            this.delta = delta;
        }

        void event(String name, byte[] data) {
            if (data.length == 0) {
                return;
            }
            JsonNode chunk = read(data);
            if (chunk.hasNonNull("error")) {
                throw new LlmFailure(LlmFailure.Reason.FAILED, "The model provider failed in its answer.");
            }
            model = chunk.path("modelVersion").asText(model);
            if (chunk.path("promptFeedback").hasNonNull("blockReason")) {
                finishReason = "content_filter";
            }
            JsonNode candidate = chunk.path("candidates").path(0);
            for (JsonNode part : candidate.path("content").path("parts")) {
                part(part);
            }
            if (candidate.hasNonNull("finishReason")) {
                finishReason = finishReason(candidate.get("finishReason").asText());
            }
            if (chunk.has("usageMetadata")) {
                usage = usage(chunk.get("usageMetadata"));
            }
        }

        private void part(JsonNode part) {
            if (part.path("thought").asBoolean(false)) {
                return;
            }
            JsonNode call = part.path("functionCall");
            if (call.hasNonNull("name")) {
                calls.add(new LlmMessage.ToolCall(
                        call.path("id").asText(""),
                        call.get("name").asText(),
                        call.hasNonNull("args") ? call.get("args").toString() : "{}",
                        part.path("thoughtSignature").asText(null)));
            }
            piece(part.path("text").asText(""));
        }

        private void piece(String piece) {
            if (!piece.isEmpty()) {
                text.append(piece);
                delta.accept(piece);
            }
        }

        private JsonNode read(byte[] data) {
            try {
                JsonNode node = json.readTree(data);
                if (node != null && node.isObject()) {
                    return node;
                }
            } catch (IOException malformed) {
                throw new LlmFailure(LlmFailure.Reason.FAILED, UNREADABLE, malformed);
            }
            throw new LlmFailure(LlmFailure.Reason.FAILED, UNREADABLE);
        }

        LlmReply reply() {
            if (finishReason == null) {
                throw new LlmFailure(LlmFailure.Reason.FAILED, CUT);
            }
            return new LlmReply(
                    text.toString(), model, calls.isEmpty() ? finishReason : "tool_calls", usage, List.copyOf(calls));
        }
    }

    private static String finishReason(String reason) {
        return switch (reason) {
            case "MAX_TOKENS" -> "length";
            case "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII" -> "content_filter";
            default -> "stop";
        };
    }

    /** What a model thinks is output too. */
    private static LlmReply.Usage usage(JsonNode usage) {
        JsonNode input = usage.path("promptTokenCount");
        if (!input.canConvertToInt() || input.intValue() < 0) {
            return null;
        }
        int output = usage.path("candidatesTokenCount").asInt(0)
                + usage.path("thoughtsTokenCount").asInt(0);
        return output < 0 ? null : new LlmReply.Usage(input.intValue(), output);
    }
}
