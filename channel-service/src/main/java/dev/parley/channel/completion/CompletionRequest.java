package dev.parley.channel.completion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.outbound.PromptMessage;
import dev.parley.channel.outbound.RunParameters;
import dev.parley.platform.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A chat completion request as OpenAI's clients send it. What steers sampling beyond our parameters is taken and not
 * used; what would change the form of the answer, and what nobody knows, is refused.
 *
 * @param text what the user wrote last, or what a function gave back
 * @param user names the conversation
 */
record CompletionRequest(
        String model,
        List<PromptMessage> messages,
        String text,
        @Nullable String user,
        RunParameters parameters,
        boolean stream,
        boolean includeUsage) {
    private static final int MOST_MESSAGES = 1_000;
    private static final int MOST_STOPS = 4;
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool");
    private static final Set<String> KNOWN = Set.of(
            "model",
            "messages",
            "stream",
            "stream_options",
            "user",
            "temperature",
            "max_tokens",
            "max_completion_tokens",
            "stop",
            "n",
            "tools",
            "tool_choice",
            "functions",
            "function_call",
            "response_format",
            "logprobs",
            "top_logprobs",
            "audio",
            "modalities");
    private static final Set<String> UNUSED = Set.of(
            "top_p",
            "presence_penalty",
            "frequency_penalty",
            "seed",
            "logit_bias",
            "metadata",
            "store",
            "service_tier",
            "reasoning_effort",
            "verbosity",
            "parallel_tool_calls",
            "safety_identifier",
            "prompt_cache_key",
            "prediction");

    static CompletionRequest read(@Nullable JsonNode body, ObjectMapper json) {
        if (body == null || !body.isObject()) {
            throw invalid("the body must be an object");
        }
        body.fieldNames().forEachRemaining(name -> {
            if (!KNOWN.contains(name) && !UNUSED.contains(name)) {
                throw new Problem(CompletionProblem.UNSUPPORTED_PARAMETER).detail("unknown member: " + name);
            }
        });
        refuseUnsupported(body);
        List<PromptMessage> messages = messages(body.path("messages"), json);
        JsonNode options = body.path("stream_options");
        return new CompletionRequest(
                text(body, "model"),
                messages,
                lastText(messages),
                optionalText(body, "user"),
                new RunParameters(
                        temperature(body),
                        maxTokens(body),
                        stops(body.path("stop")),
                        given(body, "tools"),
                        given(body, "tool_choice"),
                        given(body, "response_format")),
                flag(body, "stream"),
                options.isObject() && flag(options, "include_usage"));
    }

    private static void refuseUnsupported(JsonNode body) {
        refuseUnless(absent(body, "n") || body.path("n").asInt(0) == 1, "n other than 1");
        refuseUnless(empty(body, "functions"), "functions: they are tools now");
        refuseUnless(!body.path("logprobs").asBoolean(false), "logprobs");
        refuseUnless(absent(body, "audio"), "audio");
    }

    private static @Nullable JsonNode given(JsonNode body, String name) {
        return absent(body, name)
                        || body.path(name).isArray() && body.path(name).isEmpty()
                ? null
                : body.path(name);
    }

    private static boolean absent(JsonNode body, String name) {
        return !body.hasNonNull(name);
    }

    private static boolean empty(JsonNode body, String name) {
        return absent(body, name) || body.path(name).isEmpty();
    }

    private static void refuseUnless(boolean fine, String what) {
        if (!fine) {
            throw new Problem(CompletionProblem.UNSUPPORTED_PARAMETER).detail("not supported: " + what);
        }
    }

    private static List<PromptMessage> messages(JsonNode given, ObjectMapper json) {
        if (!given.isArray() || given.isEmpty() || given.size() > MOST_MESSAGES) {
            throw invalid("messages must have 1 to " + MOST_MESSAGES + " items");
        }
        List<PromptMessage> messages = new ArrayList<>(given.size());
        for (int i = 0; i < given.size(); i++) {
            JsonNode message = given.get(i);
            String role = message.path("role").asText("");
            if (!ROLES.contains(role)) {
                throw invalid("messages[" + i + "].role must be system, developer, user, assistant or tool");
            }
            messages.add(message(message, role, i, json));
        }
        return messages;
    }

    private static PromptMessage message(JsonNode message, String role, int index, ObjectMapper json) {
        JsonNode content = message.path("content");
        JsonNode calls = message.path("tool_calls");
        if (role.equals("tool")) {
            if (!message.path("tool_call_id").isTextual()) {
                throw invalid("messages[" + index + "].tool_call_id is required");
            }
            return new PromptMessage(
                    role,
                    content(content, role, index, json),
                    null,
                    message.path("tool_call_id").textValue());
        }
        if (role.equals("assistant") && calls.isArray() && !calls.isEmpty()) {
            boolean silent = content.isMissingNode() || content.isNull();
            return new PromptMessage(role, silent ? null : content(content, role, index, json), calls, null);
        }
        return new PromptMessage(role, content(content, role, index, json));
    }

    private static Object content(JsonNode content, String role, int index, ObjectMapper json) {
        if (content.isTextual()) {
            return content.textValue();
        }
        if (!content.isArray() || content.isEmpty()) {
            throw invalid("messages[" + index + "].content must be a text or a list of parts");
        }
        return ContentParts.read(content, role, index, json);
    }

    /** What the user wrote last, or what the functions gave back that were called for it. */
    private static String lastText(List<PromptMessage> messages) {
        String last = messages.getLast().role();
        for (PromptMessage message : messages.reversed()) {
            if (message.content() != null
                    && (message.role().equals("user")
                            || last.equals("tool") && message.role().equals("tool"))) {
                return plain(message.content());
            }
        }
        throw invalid("messages must have one of role user");
    }

    private static String plain(Object content) {
        return content instanceof String text ? text : ContentParts.plain((List<?>) content);
    }

    private static @Nullable Double temperature(JsonNode body) {
        JsonNode value = body.path("temperature");
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isNumber() || value.asDouble() < 0 || value.asDouble() > 2) {
            throw invalid("temperature must be a number from 0 to 2");
        }
        return value.asDouble();
    }

    private static @Nullable Integer maxTokens(JsonNode body) {
        String name = body.hasNonNull("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.canConvertToInt() || !value.isIntegralNumber() || value.asInt() < 1) {
            throw invalid(name + " must be a whole number from 1");
        }
        return value.asInt();
    }

    private static @Nullable List<String> stops(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (value.isTextual()) {
            return List.of(value.textValue());
        }
        if (!value.isArray() || value.size() > MOST_STOPS) {
            throw invalid("stop must be a text or a list of at most " + MOST_STOPS);
        }
        List<String> stops = new ArrayList<>();
        for (JsonNode stop : value) {
            if (!stop.isTextual()) {
                throw invalid("stop must hold texts");
            }
            stops.add(stop.textValue());
        }
        return stops.isEmpty() ? null : stops;
    }

    private static String text(JsonNode body, String name) {
        String text = optionalText(body, name);
        if (text == null || text.isBlank()) {
            throw invalid(name + " is required");
        }
        return text;
    }

    private static @Nullable String optionalText(JsonNode body, String name) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw invalid(name + " must be a text");
        }
        return value.textValue();
    }

    private static boolean flag(JsonNode body, String name) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw invalid(name + " must be true or false");
        }
        return value.booleanValue();
    }

    private static Problem invalid(String detail) {
        return new Problem(CompletionProblem.COMPLETION_NOT_VALID).detail(detail);
    }
}
