package dev.parley.agent.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmMessage.Role;
import dev.parley.platform.problem.Problem;
import java.util.ArrayList;
import java.util.List;

/** Reads messages in OpenAI's form, and refuses what it does not understand. */
final class MessageReader {
    private MessageReader() {}

    static List<LlmMessage> read(List<RunRequest.RunMessage> messages) {
        List<LlmMessage> read = new ArrayList<>(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            read.add(read(messages.get(i), i));
        }
        return read;
    }

    private static LlmMessage read(RunRequest.RunMessage message, int index) {
        Role role =
                switch (message.role()) {
                    case "user" -> Role.USER;
                    case "assistant" -> Role.ASSISTANT;
                    case "system", "developer" -> Role.SYSTEM;
                    default -> throw refused(index, "its role is not user, assistant or system");
                };
        JsonNode content = message.content();
        if (content.isTextual()) {
            return LlmMessage.of(role, content.textValue());
        }
        if (!content.isArray() || content.isEmpty()) {
            throw refused(index, "its content is neither a text nor a list of parts");
        }
        List<LlmMessage.Part> parts = new ArrayList<>(content.size());
        for (JsonNode part : content) {
            parts.add(read(part, role, index));
        }
        return new LlmMessage(role, parts);
    }

    private static LlmMessage.Part read(JsonNode part, Role role, int index) {
        String type = part.path("type").asText("");
        if (type.equals("text") && part.path("text").isTextual()) {
            return new LlmMessage.Text(part.get("text").textValue());
        }
        if (type.equals("image_url") && role == Role.USER) {
            String url = part.path("image_url").path("url").asText("");
            if (url.startsWith("https://") || url.startsWith("data:image/")) {
                return new LlmMessage.Image(url);
            }
            throw refused(index, "an image is given by an https address or a data:image URL");
        }
        throw refused(index, "it has a part that is neither text nor, from the user, an image");
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
