package dev.parley.agent.provider.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.LlmFailure;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmProvider;
import dev.parley.agent.provider.LlmReply;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.wire.ProviderTransport;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Map;
import java.util.function.Consumer;

/** Speaks {@code POST /chat/completions} as OpenAI and the many servers compatible with it do. */
@Singleton
public class OpenAiProvider implements LlmProvider {
    private static final int MAX_NESTING = 100;

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
        JsonNode answer = read(transport.post(address(endpoint), headers(endpoint), body(request, false)));
        JsonNode choice = answer.path("choices").path(0);
        JsonNode message = choice.path("message");
        String text = message.path("content").asText(null);
        if (text == null) {
            text = message.path("refusal").asText("");
        }
        String finishReason = choice.path("finish_reason").asText(null);
        if (finishReason == null) {
            throw new LlmFailure(LlmFailure.Reason.FAILED, "The model provider broke off its answer.");
        }
        return new LlmReply(
                text, answer.path("model").asText(request.model()), finishReason, usage(answer.path("usage")));
    }

    @Override
    public LlmReply stream(LlmEndpoint endpoint, LlmRequest request, Consumer<String> delta) {
        Assembly assembly = new Assembly(request.model(), delta);
        transport.stream(address(endpoint), headers(endpoint), body(request, true), assembly::event);
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

    private byte[] body(LlmRequest request, boolean stream) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (JsonGenerator body = json.getFactory().createGenerator(out)) {
            body.writeStartObject();
            body.writeStringField("model", request.model());
            body.writeArrayFieldStart("messages");
            for (LlmMessage message : request.messages()) {
                body.writeStartObject();
                body.writeStringField("role", message.role().wireName());
                writeContent(body, message);
                body.writeEndObject();
            }
            body.writeEndArray();
            if (request.temperature() != null) {
                body.writeNumberField("temperature", request.temperature());
            }
            if (request.maxTokens() != null) {
                body.writeNumberField("max_tokens", request.maxTokens());
            }
            if (!request.stop().isEmpty()) {
                body.writeArrayFieldStart("stop");
                for (String stop : request.stop()) {
                    body.writeString(stop);
                }
                body.writeEndArray();
            }
            if (stream) {
                body.writeBooleanField("stream", true);
                body.writeObjectFieldStart("stream_options");
                body.writeBooleanField("include_usage", true);
                body.writeEndObject();
            }
            body.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    private static void writeContent(JsonGenerator body, LlmMessage message) throws IOException {
        if (message.isPlainText()) {
            body.writeStringField("content", message.text());
            return;
        }
        body.writeArrayFieldStart("content");
        for (LlmMessage.Part part : message.parts()) {
            body.writeStartObject();
            switch (part) {
                case LlmMessage.Text(String text) -> {
                    body.writeStringField("type", "text");
                    body.writeStringField("text", text);
                }
                case LlmMessage.Image(String url) -> {
                    body.writeStringField("type", "image_url");
                    body.writeObjectFieldStart("image_url");
                    body.writeStringField("url", url);
                    body.writeEndObject();
                }
            }
            body.writeEndObject();
        }
        body.writeEndArray();
    }

    /** Puts a stream's chunks together and tells a whole stream from a cut one. */
    private final class Assembly {
        private final Consumer<String> delta;
        private final StringBuilder text = new StringBuilder();
        private String model;
        private String finishReason;
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
            String piece = choice.path("delta").path("content").asText(null);
            if (piece != null && !piece.isEmpty()) {
                text.append(piece);
                delta.accept(piece);
            }
            if (choice.hasNonNull("finish_reason")) {
                finishReason = choice.get("finish_reason").asText();
            }
            if (chunk.hasNonNull("usage")) {
                usage = usage(chunk.get("usage"));
            }
        }

        private static boolean isDone(byte[] data) {
            return data.length == 6 && data[0] == '[' && data[1] == 'D' && data[5] == ']';
        }

        LlmReply reply() {
            if (finishReason == null) {
                throw new LlmFailure(LlmFailure.Reason.FAILED, "The model provider broke off its answer.");
            }
            return new LlmReply(text.toString(), model, finishReason, usage);
        }
    }
}
