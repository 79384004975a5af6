package dev.parley.agent.provider.google;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.agent.provider.LlmFormat;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmMessage.Role;
import dev.parley.agent.provider.LlmRequest;
import dev.parley.agent.provider.LlmTools;
import java.util.List;
import java.util.Locale;

/** Writes a request as the Gemini API wants it. */
final class GoogleRequest {
    private static final String SEAL = "thoughtSignature";
    /** What the vendor documents for calls that another model made. */
    private static final String NO_SEAL = "skip_thought_signature_validator";

    private static final String UNSEALED = "gemini-[12][.-].*";

    private final ObjectMapper json;

    GoogleRequest(ObjectMapper json) {
        this.json = json;
    }

    byte[] write(LlmRequest request) {
        ObjectNode body = json.createObjectNode();
        ArrayNode contents = body.putArray("contents");
        ArrayNode system = null;
        ObjectNode before = null;
        for (LlmMessage message : request.messages()) {
            if (message.role() == Role.SYSTEM) {
                system = system == null ? body.putObject("systemInstruction").putArray("parts") : system;
                system.addObject().put("text", message.text());
                continue;
            }
            String role = message.role() == Role.ASSISTANT ? "model" : "user";
            // results of functions that were called together belong into one turn
            boolean joined = message.role() == Role.TOOL
                    && before != null
                    && before.path("parts").path(0).has("functionResponse");
            ObjectNode content = joined ? before : contents.addObject().put("role", role);
            ArrayNode parts = joined ? (ArrayNode) before.get("parts") : content.putArray("parts");
            message.parts().forEach(part -> part(parts.addObject(), part));
            if (!request.model().matches(UNSEALED)) {
                seal(parts);
            }
            before = content;
        }
        generation(body, request);
        if (!request.tools().isEmpty()) {
            tools(body, request.tools());
        }
        try {
            return json.writeValueAsBytes(body);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void part(ObjectNode into, LlmMessage.Part part) {
        switch (part) {
            case LlmMessage.Text(String text) -> into.put("text", text);
            case LlmMessage.Image(String url) -> image(into, url);
            case LlmMessage.File(String type, String name, String data) ->
                into.putObject("inlineData").put("mimeType", type).put("data", data);
            case LlmMessage.ToolCall(String id, String name, String arguments, String seal) -> {
                ObjectNode call = into.putObject("functionCall");
                identify(call, id);
                call.put("name", name).set("args", arguments(arguments));
                if (seal != null) {
                    into.put(SEAL, seal);
                }
            }
            case LlmMessage.ToolResult(String callId, String name, String text) -> {
                ObjectNode response = into.putObject("functionResponse");
                identify(response, callId);
                response.put("name", name).putObject("response").put("result", text);
            }
        }
    }

    private static void identify(ObjectNode into, String id) {
        if (!id.startsWith(LlmMessage.ToolCall.OURS)) {
            into.put("id", id);
        }
    }

    /** The first of the functions that were called together needs a seal; another provider's has none. */
    private static void seal(ArrayNode parts) {
        for (JsonNode part : parts) {
            if (part.has("functionCall")) {
                if (!part.has(SEAL)) {
                    ((ObjectNode) part).put(SEAL, NO_SEAL);
                }
                return;
            }
        }
    }

    private JsonNode arguments(String arguments) {
        try {
            JsonNode read = json.readTree(arguments);
            return read.isObject() ? read : json.createObjectNode();
        } catch (JsonProcessingException malformed) {
            return json.createObjectNode();
        }
    }

    private static void image(ObjectNode into, String url) {
        int comma = url.indexOf(',');
        if (url.startsWith("data:") && comma > 0) {
            into.putObject("inlineData")
                    .put("mimeType", url.substring("data:".length(), comma).replace(";base64", ""))
                    .put("data", url.substring(comma + 1));
        } else {
            into.putObject("fileData").put("mimeType", type(url)).put("fileUri", url);
        }
    }

    /** By the address's ending, as nobody has looked at the picture. */
    private static String type(String url) {
        String path = url.replaceFirst("[?#].*", "").toLowerCase(Locale.ROOT);
        for (String ending : List.of("png", "webp", "gif", "heic", "heif")) {
            if (path.endsWith("." + ending)) {
                return "image/" + ending;
            }
        }
        return "image/jpeg";
    }

    private static void generation(ObjectNode body, LlmRequest request) {
        ObjectNode generation = body.putObject("generationConfig");
        if (request.temperature() != null) {
            generation.put("temperature", request.temperature());
        }
        if (request.maxTokens() != null) {
            generation.put("maxOutputTokens", request.maxTokens());
        }
        if (!request.stop().isEmpty()) {
            ArrayNode stop = generation.putArray("stopSequences");
            request.stop().forEach(stop::add);
        }
        LlmFormat format = request.format();
        if (format != null) {
            generation.put("responseMimeType", "application/json");
            if (format.schema() != null) {
                generation.set("responseJsonSchema", format.schema());
            }
        }
    }

    private static void tools(ObjectNode body, LlmTools tools) {
        ArrayNode declarations = body.putArray("tools").addObject().putArray("functionDeclarations");
        for (LlmTools.Tool tool : tools.offered()) {
            ObjectNode declared = declarations.addObject().put("name", tool.name());
            declared.put("description", tool.description() == null ? tool.name() : tool.description());
            if (tool.parameters() != null) {
                declared.set("parametersJsonSchema", tool.parameters());
            }
        }
        ObjectNode calling = body.putObject("toolConfig").putObject("functionCallingConfig");
        switch (tools.choice()) {
            case AUTO -> calling.put("mode", "AUTO");
            case NONE -> calling.put("mode", "NONE");
            case REQUIRED -> calling.put("mode", "ANY");
            case NAMED ->
                calling.put("mode", "ANY").putArray("allowedFunctionNames").add(tools.named());
        }
    }
}
