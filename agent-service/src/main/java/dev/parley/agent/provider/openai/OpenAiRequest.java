package dev.parley.agent.provider.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.agent.provider.LlmFormat;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.LlmTools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes a request as the OpenAI wire wants it, which is also how it is kept. */
public final class OpenAiRequest {
    private static final int USUAL_BYTES = 1024;

    private static final Map<String, String> FORMATS =
            Map.of("audio/mpeg", "mp3", "audio/wav", "wav", "audio/ogg", "ogg", "audio/mp4", "m4a");

    private OpenAiRequest() {}

    /** The type of audio in that format; empty when nobody knows it. */
    public static Optional<String> audio(String format) {
        return FORMATS.entrySet().stream()
                .filter(known -> known.getValue().equals(format))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The body of {@code POST /chat/completions}. */
    public static byte[] write(ObjectMapper json, LlmRequest request, boolean stream) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_BYTES);
        try (JsonGenerator body = json.getFactory().createGenerator(out)) {
            body.writeStartObject();
            body.writeStringField("model", request.model());
            body.writeArrayFieldStart("messages");
            for (LlmMessage message : request.messages()) {
                writeMessage(body, message);
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
            if (!request.tools().isEmpty()) {
                writeTools(body, request.tools());
            }
            if (request.format() != null) {
                writeFormat(body, request.format());
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

    private static void writeMessage(JsonGenerator body, LlmMessage message) throws IOException {
        body.writeStartObject();
        body.writeStringField("role", message.role().wireName());
        List<LlmMessage.ToolCall> calls = message.toolCalls();
        if (message.parts().getFirst() instanceof LlmMessage.ToolResult(String callId, String name, String text)) {
            body.writeStringField("tool_call_id", callId);
            body.writeStringField("content", text);
        } else if (message.isPlainText()) {
            body.writeStringField("content", message.text());
        } else if (calls.size() == message.parts().size()) {
            body.writeNullField("content");
        } else {
            writeParts(body, message);
        }
        if (!calls.isEmpty()) {
            body.writeArrayFieldStart("tool_calls");
            for (LlmMessage.ToolCall call : calls) {
                body.writeStartObject();
                body.writeStringField("id", call.id());
                body.writeStringField("type", "function");
                body.writeObjectFieldStart("function");
                body.writeStringField("name", call.name());
                body.writeStringField("arguments", call.arguments());
                body.writeEndObject();
                body.writeEndObject();
            }
            body.writeEndArray();
        }
        body.writeEndObject();
    }

    private static void writeParts(JsonGenerator body, LlmMessage message) throws IOException {
        body.writeArrayFieldStart("content");
        for (LlmMessage.Part part : message.parts()) {
            switch (part) {
                case LlmMessage.Text(String text) -> {
                    body.writeStartObject();
                    body.writeStringField("type", "text");
                    body.writeStringField("text", text);
                    body.writeEndObject();
                }
                case LlmMessage.Image(String url) -> {
                    body.writeStartObject();
                    body.writeStringField("type", "image_url");
                    body.writeObjectFieldStart("image_url");
                    body.writeStringField("url", url);
                    body.writeEndObject();
                    body.writeEndObject();
                }
                case LlmMessage.File file -> writeFile(body, file);
                case LlmMessage.ToolCall call -> {
                    // stands beside the content
                }
                case LlmMessage.ToolResult result -> {
                    // is a message of its own
                }
            }
        }
        body.writeEndArray();
    }

    private static void writeFile(JsonGenerator body, LlmMessage.File file) throws IOException {
        String format = FORMATS.get(file.mediaType());
        body.writeStartObject();
        if (format == null) {
            body.writeStringField("type", "file");
            body.writeObjectFieldStart("file");
            body.writeStringField("filename", file.name().isEmpty() ? "document.pdf" : file.name());
            body.writeStringField("file_data", "data:" + file.mediaType() + ";base64," + file.data());
        } else {
            body.writeStringField("type", "input_audio");
            body.writeObjectFieldStart("input_audio");
            body.writeStringField("data", file.data());
            body.writeStringField("format", format);
        }
        body.writeEndObject();
        body.writeEndObject();
    }

    private static void writeTools(JsonGenerator body, LlmTools tools) throws IOException {
        body.writeArrayFieldStart("tools");
        for (LlmTools.Tool tool : tools.offered()) {
            body.writeStartObject();
            body.writeStringField("type", "function");
            body.writeObjectFieldStart("function");
            body.writeStringField("name", tool.name());
            if (tool.description() != null) {
                body.writeStringField("description", tool.description());
            }
            if (tool.parameters() != null) {
                body.writeFieldName("parameters");
                body.writeTree(tool.parameters());
            }
            if (tool.strict() != null) {
                body.writeBooleanField("strict", tool.strict());
            }
            body.writeEndObject();
            body.writeEndObject();
        }
        body.writeEndArray();
        switch (tools.choice()) {
            case AUTO -> {
                // what a provider does by itself
            }
            case NONE -> body.writeStringField("tool_choice", "none");
            case REQUIRED -> body.writeStringField("tool_choice", "required");
            case NAMED -> {
                body.writeObjectFieldStart("tool_choice");
                body.writeStringField("type", "function");
                body.writeObjectFieldStart("function");
                body.writeStringField("name", tools.named());
                body.writeEndObject();
                body.writeEndObject();
            }
        }
    }

    private static void writeFormat(JsonGenerator body, LlmFormat format) throws IOException {
        body.writeObjectFieldStart("response_format");
        if (format.schema() == null) {
            body.writeStringField("type", "json_object");
        } else {
            body.writeStringField("type", "json_schema");
            body.writeObjectFieldStart("json_schema");
            body.writeStringField("name", format.name());
            body.writeFieldName("schema");
            body.writeTree(format.schema());
            if (format.strict() != null) {
                body.writeBooleanField("strict", format.strict());
            }
            body.writeEndObject();
        }
        body.writeEndObject();
    }
}
