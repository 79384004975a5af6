package dev.parley.agent.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmMessage.Role;
import dev.parley.agent.provider.ReadableFiles;
import dev.parley.agent.provider.openai.OpenAiRequest;
import dev.parley.platform.problem.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads messages in OpenAI's form, and refuses what it does not understand. */
final class MessageReader {
    private static final int MOST_CALLS = 128;
    private static final Pattern DATA = Pattern.compile("data:image/[a-z0-9.+-]{1,40};base64");

    private static final Pattern FILE = Pattern.compile("data:([a-z]{1,20}/[a-z0-9.+-]{1,60});base64,");

    private final Map<String, String> called = new HashMap<>();

    private MessageReader() {}

    static List<LlmMessage> read(List<RunRequest.RunMessage> messages) {
        MessageReader reader = new MessageReader();
        List<LlmMessage> read = new ArrayList<>(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            read.add(reader.read(messages.get(i), i));
        }
        return read;
    }

    private LlmMessage read(RunRequest.RunMessage message, int index) {
        Role role =
                switch (message.role()) {
                    case "user" -> Role.USER;
                    case "assistant" -> Role.ASSISTANT;
                    case "system", "developer" -> Role.SYSTEM;
                    case "tool" -> Role.TOOL;
                    default -> throw refused(index, "its role is not user, assistant, system or tool");
                };
        if (role == Role.TOOL) {
            return result(message, index);
        }
        boolean calls = message.toolCalls() != null && !message.toolCalls().isEmpty();
        if (calls && role != Role.ASSISTANT) {
            throw refused(index, "only the assistant calls functions");
        }
        List<LlmMessage.Part> parts = new ArrayList<>();
        if (!calls || !isNothing(message.content())) {
            parts.addAll(parts(message.content(), role, index));
        }
        if (calls) {
            parts.addAll(calls(message.toolCalls(), index));
        }
        return new LlmMessage(role, parts);
    }

    private static boolean isNothing(JsonNode content) {
        return content == null
                || content.isNull()
                || content.isTextual() && content.textValue().isEmpty();
    }

    private static List<LlmMessage.Part> parts(JsonNode content, Role role, int index) {
        if (content != null && content.isTextual()) {
            return List.of(new LlmMessage.Text(content.textValue()));
        }
        if (content == null || !content.isArray() || content.isEmpty()) {
            throw refused(index, "its content is neither a text nor a list of parts");
        }
        List<LlmMessage.Part> parts = new ArrayList<>(content.size());
        for (JsonNode part : content) {
            parts.add(part(part, role, index));
        }
        return parts;
    }

    private static LlmMessage.Part part(JsonNode part, Role role, int index) {
        String type = part.path("type").asText("");
        if (type.equals("text") && part.path("text").isTextual()) {
            return new LlmMessage.Text(part.get("text").textValue());
        }
        if (type.equals("image_url") && role == Role.USER) {
            String url = part.path("image_url").path("url").asText("");
            if (isPicture(url)) {
                return new LlmMessage.Image(url);
            }
            throw refused(index, "an image is given by an https address or a data:image URL");
        }
        if (type.equals("file") && role == Role.USER) {
            return file(part.path("file"), index);
        }
        if (type.equals("input_audio") && role == Role.USER) {
            JsonNode audio = part.path("input_audio");
            String data = audio.path("data").asText("");
            return OpenAiRequest.audio(audio.path("format").asText(""))
                    .filter(known -> isBase64(data, 0))
                    .map(known -> new LlmMessage.File(known, "", data))
                    .orElseThrow(() -> refused(index, "audio is mp3, wav, ogg or m4a, in base64"));
        }
        throw refused(index, "it has a part that is neither text nor, from the user, an image, audio or a file");
    }

    private static LlmMessage.File file(JsonNode file, int index) {
        String data = file.path("file_data").asText("");
        Matcher head = FILE.matcher(data);
        if (!head.lookingAt() || !ReadableFiles.are(head.group(1)) || !isBase64(data, head.end())) {
            throw refused(index, "a file is a PDF or audio, as a data: URL in file_data");
        }
        return new LlmMessage.File(head.group(1), file.path("filename").asText(""), data.substring(head.end()));
    }

    /** What no provider could read would look like the provider's failure. */
    private static boolean isPicture(String url) {
        if (url.startsWith("data:")) {
            int comma = url.indexOf(',');
            return comma > 0 && DATA.matcher(url.substring(0, comma)).matches() && isBase64(url, comma + 1);
        }
        try {
            URI address = new URI(url);
            return "https".equalsIgnoreCase(address.getScheme()) && address.getHost() != null;
        } catch (URISyntaxException unusable) {
            return false;
        }
    }

    private static boolean isBase64(String url, int from) {
        for (int i = from; i < url.length(); i++) {
            char c = url.charAt(i);
            boolean fits = c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '+'
                    || c == '/'
                    || c == '=';
            if (!fits) {
                return false;
            }
        }
        return url.length() > from;
    }

    private List<LlmMessage.ToolCall> calls(JsonNode given, int index) {
        if (!given.isArray() || given.size() > MOST_CALLS) {
            throw refused(index, "tool_calls is not a list of at most " + MOST_CALLS + " calls");
        }
        List<LlmMessage.ToolCall> calls = new ArrayList<>(given.size());
        for (JsonNode call : given) {
            JsonNode function = call.path("function");
            String id = call.path("id").asText("");
            boolean whole = call.path("type").asText("function").equals("function")
                    && !id.isEmpty()
                    && function.path("name").isTextual()
                    && function.path("arguments").isTextual();
            if (!whole) {
                throw refused(index, "a call needs an id, and a function with name and arguments");
            }
            called.put(id, function.get("name").textValue());
            calls.add(new LlmMessage.ToolCall(
                    id,
                    function.get("name").textValue(),
                    function.get("arguments").textValue()));
        }
        return calls;
    }

    private LlmMessage result(RunRequest.RunMessage message, int index) {
        String name = message.toolCallId() == null ? null : called.get(message.toolCallId());
        if (name == null) {
            throw refused(index, "its tool_call_id is not that of a call before it");
        }
        List<LlmMessage.Part> parts = parts(message.content(), Role.TOOL, index);
        return new LlmMessage(
                Role.TOOL,
                List.of(new LlmMessage.ToolResult(
                        message.toolCallId(), name, new LlmMessage(Role.TOOL, parts).text())));
    }

    private static Problem refused(int index, String why) {
        return new Problem(RunProblem.MESSAGE_INVALID).detail("messages[" + index + "]: " + why + ".");
    }

    /** Texts that end a reply: a text, a list of up to four, or nothing. */
    static List<String> readStop(JsonNode stop) {
        if (stop == null || stop.isNull()) {
            return List.of();
        }
        if (stop.isTextual()) {
            return List.of(stop.textValue());
        }
        List<String> texts = new ArrayList<>();
        if (stop.isArray() && stop.size() <= 4) {
            stop.forEach(text -> {
                if (text.isTextual()) {
                    texts.add(text.textValue());
                }
            });
        }
        if (texts.size() != stop.size() || texts.isEmpty()) {
            throw new Problem(RunProblem.MESSAGE_INVALID)
                    .detail("parameters.stop is a text or a list of up to four texts.");
        }
        return texts;
    }
}
