package dev.parley.simulators.llm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A chat completion request, read token by token: only what the demo model needs is kept. */
final class ChatRequest {

    private static final JsonFactory JSON = new JsonFactory();
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool", "function");
    private static final Set<String> IGNORED = Set.of(
            "audio",
            "frequency_penalty",
            "function_call",
            "functions",
            "logit_bias",
            "logprobs",
            "metadata",
            "modalities",
            "parallel_tool_calls",
            "prediction",
            "presence_penalty",
            "prompt_cache_key",
            "prompt_cache_retention",
            "reasoning_effort",
            "response_format",
            "safety_identifier",
            "seed",
            "service_tier",
            "store",
            "temperature",
            "tool_choice",
            "tools",
            "top_logprobs",
            "top_p",
            "user",
            "verbosity",
            "web_search_options");

    private String model;
    private boolean stream;
    private boolean includeUsage;
    private int mostTokens = Integer.MAX_VALUE;
    private List<String> stops = List.of();
    private boolean hasMessages;
    private int messages;
    private int promptTokens = Tokens.PER_REQUEST;
    private String lastUser = "";
    private String userBefore;

    private ChatRequest() {}

    /** Reads a body; refuses as OpenAI does. */
    static ChatRequest parse(byte[] body) {
        ChatRequest request = new ChatRequest();
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw notJson();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                request.read(name, parser);
            }
            if (parser.nextToken() != null) {
                throw notJson();
            }
        } catch (IOException broken) {
            throw notJson();
        }
        if (request.model == null || request.model.isEmpty()) {
            throw LlmProblem.invalid(null, null, "you must provide a model parameter");
        }
        if (!request.hasMessages) {
            throw LlmProblem.invalid(
                    "missing_required_parameter", "messages", "Missing required parameter: 'messages'.");
        }
        if (request.messages == 0) {
            throw LlmProblem.invalid(
                    "empty_array",
                    "messages",
                    "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array"
                            + " instead.");
        }
        if (request.includeUsage && !request.stream) {
            throw LlmProblem.invalid(
                    null, "stream_options", "The 'stream_options' parameter is only allowed when 'stream' is enabled.");
        }
        return request;
    }

    private static LlmProblem notJson() {
        return LlmProblem.invalid(
                null,
                null,
                "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP"
                        + " library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid"
                        + " JSON.)");
    }

    private void read(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "model" -> model = text(name, parser);
            case "messages" -> readMessages(parser);
            case "stream" -> stream = bool(name, parser);
            case "stream_options" -> readStreamOptions(parser);
            case "max_tokens", "max_completion_tokens" -> {
                if (parser.currentToken() != JsonToken.VALUE_NULL) {
                    mostTokens = Math.min(mostTokens, positive(name, parser));
                }
            }
            case "n" -> {
                if (parser.currentToken() != JsonToken.VALUE_NULL && positive(name, parser) != 1) {
                    throw LlmProblem.invalid(null, "n", "The simulator only offers n = 1.");
                }
            }
            case "stop" -> readStops(parser);
            default -> {
                if (!IGNORED.contains(name)) {
                    throw LlmProblem.invalid(
                            "unknown_parameter", name, "Unrecognized request argument supplied: " + name);
                }
                parser.skipChildren();
            }
        }
    }

    private void readMessages(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw wrongType("messages", "an array of objects", parser);
        }
        hasMessages = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw wrongType("messages[" + messages + "]", "an object", parser);
            }
            readMessage(parser);
            messages++;
        }
    }

    private void readMessage(JsonParser parser) throws IOException {
        String role = null;
        String content = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals("role")) {
                role = text("messages[" + messages + "].role", parser);
            } else if (name.equals("content")) {
                content = readContent(parser);
            } else {
                parser.skipChildren();
            }
        }
        if (role == null) {
            throw LlmProblem.invalid(
                    "missing_required_parameter",
                    "messages[" + messages + "].role",
                    "Missing required parameter: 'messages[" + messages + "].role'.");
        }
        if (!ROLES.contains(role)) {
            throw LlmProblem.invalid(
                    "invalid_value",
                    "messages[" + messages + "].role",
                    "Invalid value: '" + role + "'. Supported values are: 'system', 'assistant', 'user', 'function',"
                            + " 'tool', and 'developer'.");
        }
        if (content == null && !role.equals("assistant")) {
            throw LlmProblem.invalid(
                    "invalid_type",
                    "messages[" + messages + "].content",
                    "Invalid value for 'content': expected a string, got null.");
        }
        promptTokens += Tokens.PER_MESSAGE + (content == null ? 0 : Tokens.count(content));
        if (role.equals("user")) {
            userBefore = lastUser.isEmpty() ? null : lastUser;
            lastUser = content;
        }
    }

    private String readContent(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw wrongType("messages[" + messages + "].content", "a string or an array of objects", parser);
        }
        StringBuilder text = new StringBuilder();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw wrongType("messages[" + messages + "].content", "an array of objects", parser);
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("text")) {
                    text.append(text.isEmpty() ? "" : "\n").append(text(name, parser));
                } else {
                    promptTokens += name.equals("image_url") ? Tokens.PER_IMAGE : 0;
                    parser.skipChildren();
                }
            }
        }
        return text.toString();
    }

    private void readStreamOptions(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw wrongType("stream_options", "an object", parser);
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals("include_usage")) {
                includeUsage = bool("stream_options.include_usage", parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void readStops(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            stops = List.of(parser.getText());
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
            stops = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                stops.add(text("stop", parser));
            }
        } else if (parser.currentToken() != JsonToken.VALUE_NULL) {
            throw wrongType("stop", "a string or an array of strings", parser);
        }
    }

    private static String text(String name, JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw wrongType(name, "a string", parser);
        }
        return parser.getText();
    }

    private static boolean bool(String name, JsonParser parser) {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default -> throw wrongType(name, "a boolean", parser);
        };
    }

    private static int positive(String name, JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw wrongType(name, "an integer", parser);
        }
        long value = parser.getLongValue();
        if (value < 1) {
            throw LlmProblem.invalid(
                    "integer_below_min_value",
                    name,
                    "Invalid '" + name + "': integer below minimum value. Expected a value >= 1, but got " + value
                            + " instead.");
        }
        return (int) Math.min(value, Integer.MAX_VALUE);
    }

    private static LlmProblem wrongType(String name, String expected, JsonParser parser) {
        return LlmProblem.invalid(
                "invalid_type",
                name,
                "Invalid type for '" + name + "': expected " + expected + ", but got " + parser.currentToken()
                        + " instead.");
    }

    String model() {
        return model;
    }

    boolean isStream() {
        return stream;
    }

    boolean includesUsage() {
        return includeUsage;
    }

    int mostTokens() {
        return mostTokens;
    }

    List<String> stops() {
        return stops;
    }

    int promptTokens() {
        return promptTokens;
    }

    String lastUser() {
        return lastUser;
    }

    String userBefore() {
        return userBefore;
    }
}
