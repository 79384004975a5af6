package dev.parley.simulators.llm;

import dev.parley.simulators.exchange.Endpoint;
import dev.parley.simulators.exchange.Exchange;
import dev.parley.simulators.exchange.Fault;
import dev.parley.simulators.exchange.RandomIds;
import dev.parley.simulators.exchange.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Anthropic's wire format: messages, whole and streamed. Any model name is served. */
final class AnthropicEndpoint implements Endpoint {

    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("request-id");
    private static final String BEARER = "Bearer ";

    private final DemoModel model;
    private final RandomIds ids = new RandomIds();

    AnthropicEndpoint(DemoModel model) {
        this.model = model;
    }

    @Override
    public void handle(Exchange exchange) {
        try {
            String key = key(exchange);
            if (key == null || key.isEmpty()) {
                throw new LlmProblem(401, "authentication_error", null, null, "x-api-key header is required");
            }
            if (key.contains("invalid")) {
                throw new LlmProblem(401, "authentication_error", null, null, "invalid x-api-key");
            }
            if (exchange.header("anthropic-version") == null) {
                throw invalid("anthropic-version: header is required");
            }
            if (!exchange.path().equals("/messages")) {
                throw new LlmProblem(404, "not_found_error", null, null, "Not found");
            }
            if (!exchange.method().equals("POST")) {
                throw new LlmProblem(405, "invalid_request_error", null, null, "Method Not Allowed");
            }
            answer(exchange, json(exchange));
        } catch (LlmProblem problem) {
            exchange.answer(error(problem.status(), problem.type(), problem.getMessage()));
        } catch (ClassCastException wrongType) {
            exchange.answer(error(400, "invalid_request_error", "A member has the wrong type."));
        }
    }

    /** The client of npm shows the key as a bearer token, others in a header of its own. */
    private static String key(Exchange exchange) {
        String authorization = exchange.header("authorization");
        return authorization != null && authorization.startsWith(BEARER)
                ? authorization.substring(BEARER.length())
                : exchange.header("x-api-key");
    }

    private static JsonObject json(Exchange exchange) {
        try {
            return new JsonObject(Buffer.buffer(exchange.body()));
        } catch (DecodeException broken) {
            throw invalid("The request body is not valid JSON.");
        }
    }

    private void answer(Exchange exchange, JsonObject request) {
        String name = request.getString("model");
        Integer mostTokens = request.getInteger("max_tokens");
        JsonArray messages = request.getJsonArray("messages");
        if (name == null || name.isEmpty()) {
            throw invalid("model: Field required");
        }
        if (mostTokens == null) {
            throw invalid("max_tokens: Field required");
        }
        if (mostTokens < 1) {
            throw invalid("max_tokens: Input should be greater than or equal to 1");
        }
        if (messages == null) {
            throw invalid("messages: Field required");
        }
        if (messages.isEmpty()) {
            throw invalid("messages: at least one message is required");
        }
        int inputTokens = Tokens.PER_REQUEST;
        if (request.getValue("system") != null) {
            inputTokens += Tokens.PER_MESSAGE + Tokens.count(text(request.getValue("system")));
        }
        List<String> users = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            JsonObject message = messages.getJsonObject(i);
            String role = message.getString("role");
            if (!"user".equals(role) && !"assistant".equals(role)) {
                throw invalid("messages." + i + ".role: Input should be 'user' or 'assistant'");
            }
            if (message.getValue("content") == null) {
                throw invalid("messages." + i + ".content: Field required");
            }
            String content = text(message.getValue("content"));
            inputTokens += Tokens.PER_MESSAGE + Tokens.count(content) + images(message.getValue("content"));
            if (role.equals("user")) {
                users.add(content);
            }
        }
        String last = users.isEmpty() ? "" : users.getLast();
        String before = users.size() < 2 ? null : users.get(users.size() - 2);
        DemoModel.Said said = model.reply(exchange.body(), last, before);
        String whole = said.text();
        List<String> stops = new ArrayList<>();
        request.getJsonArray("stop_sequences", new JsonArray()).forEach(stop -> stops.add((String) stop));
        String unstopped = Tokens.beforeStop(whole, stops);
        String text = Tokens.first(unstopped, mostTokens);
        String reason = text.length() < unstopped.length()
                ? "max_tokens"
                : unstopped.length() < whole.length() ? "stop_sequence" : "end_turn";
        if (!said.calls().isEmpty()) {
            reason = "tool_use";
        }
        String stop = reason.equals("stop_sequence") ? stopAt(whole, unstopped, stops) : null;
        int outputTokens = Tokens.count(text) + said.callTokens();
        model.billed(inputTokens, outputTokens);
        String id = ids.next("msg_01", 22);
        JsonObject message = new JsonObject()
                .put("id", id)
                .put("type", "message")
                .put("role", "assistant")
                .put("model", name)
                .put("content", new JsonArray())
                .put("stop_reason", null)
                .put("stop_sequence", null)
                .put("usage", usage(inputTokens, request.getBoolean("stream", false) ? 1 : outputTokens));
        if (request.getBoolean("stream", false)) {
            stream(exchange, message, text, said.calls(), reason, stop, outputTokens);
        } else {
            JsonArray content = new JsonArray();
            if (!text.isEmpty() || said.calls().isEmpty()) {
                content.add(block(text));
            }
            said.calls().forEach(call -> content.add(block(call).put("input", input(call))));
            message.put("content", content).put("stop_reason", reason).put("stop_sequence", stop);
            exchange.answer(Reply.json(200, message).with(REQUEST_ID, ids.next("req_01", 22)));
        }
    }

    private void stream(
            Exchange exchange,
            JsonObject message,
            String text,
            List<DemoModel.Call> calls,
            String reason,
            String stop,
            int outputTokens) {
        EventStream stream = new EventStream();
        frame(stream, "message_start", new JsonObject().put("message", message));
        stream.endFrame();
        frame(stream, "content_block_start", new JsonObject().put("index", 0).put("content_block", block("")));
        stream.endFrame();
        frame(stream, "ping", new JsonObject());
        stream.endFrame();
        for (int start = 0; start < text.length(); ) {
            int end = Tokens.end(text, start);
            stream.text()
                    .append("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
                            + "\"delta\":{\"type\":\"text_delta\",\"text\":");
            JsonText.quote(stream.text(), text, start, end).append("}}");
            stream.endToken();
            start = end;
        }
        frame(stream, "content_block_stop", new JsonObject().put("index", 0));
        stream.endFrame();
        for (int i = 0; i < calls.size(); i++) {
            stream(stream, i + 1, calls.get(i));
        }
        frame(
                stream,
                "message_delta",
                new JsonObject()
                        .put(
                                "delta",
                                new JsonObject().put("stop_reason", reason).put("stop_sequence", stop))
                        .put("usage", new JsonObject().put("output_tokens", outputTokens)));
        stream.endFrame();
        frame(stream, "message_stop", new JsonObject());
        stream.endFrame();
        stream.play(
                exchange,
                REQUEST_ID,
                ids.next("req_01", 22),
                "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
                        + "\"message\":\"Overloaded\"}}\n\n");
    }

    private void stream(EventStream stream, int index, DemoModel.Call call) {
        frame(
                stream,
                "content_block_start",
                new JsonObject().put("index", index).put("content_block", block(call)));
        stream.endFrame();
        String arguments = call.arguments();
        for (int start = 0; start < arguments.length(); ) {
            int end = Tokens.end(arguments, start);
            JsonObject piece = new JsonObject()
                    .put("type", "input_json_delta")
                    .put("partial_json", arguments.substring(start, end));
            frame(
                    stream,
                    "content_block_delta",
                    new JsonObject().put("index", index).put("delta", piece));
            stream.endToken();
            start = end;
        }
        frame(stream, "content_block_stop", new JsonObject().put("index", index));
        stream.endFrame();
    }

    private JsonObject block(DemoModel.Call call) {
        return new JsonObject()
                .put("type", "tool_use")
                .put("id", ids.next("toolu_01", 22))
                .put("name", call.name())
                .put("input", new JsonObject());
    }

    /** Whole answers carry arguments as an object; what is none cannot be said on this wire. */
    private static JsonObject input(DemoModel.Call call) {
        try {
            return new JsonObject(call.arguments());
        } catch (DecodeException notAnObject) {
            return new JsonObject();
        }
    }

    private static void frame(EventStream stream, String type, JsonObject members) {
        stream.text()
                .append("event: ")
                .append(type)
                .append("\ndata: ")
                .append(new JsonObject().put("type", type).mergeIn(members).encode());
    }

    private static JsonObject block(String text) {
        return new JsonObject().put("type", "text").put("text", text);
    }

    private static JsonObject usage(int inputTokens, int outputTokens) {
        return new JsonObject()
                .put("input_tokens", inputTokens)
                .put("cache_creation_input_tokens", 0)
                .put("cache_read_input_tokens", 0)
                .put("output_tokens", outputTokens)
                .put("service_tier", "standard");
    }

    private static String text(Object content) {
        if (content instanceof String plain) {
            return plain;
        }
        StringBuilder text = new StringBuilder();
        for (Object block : (JsonArray) content) {
            String part = ((JsonObject) block).getString("text");
            if (part != null) {
                text.append(text.isEmpty() ? "" : "\n").append(part);
            }
        }
        return text.toString();
    }

    private static int images(Object content) {
        int tokens = 0;
        if (content instanceof JsonArray blocks) {
            for (Object block : blocks) {
                tokens += "image".equals(((JsonObject) block).getString("type")) ? Tokens.PER_IMAGE : 0;
            }
        }
        return tokens;
    }

    private static String stopAt(String whole, String kept, List<String> stops) {
        return stops.stream()
                .filter(stop -> whole.startsWith(stop, kept.length()))
                .findFirst()
                .orElse(null);
    }

    private static LlmProblem invalid(String message) {
        return new LlmProblem(400, "invalid_request_error", null, null, message);
    }

    private Reply error(int status, String type, String message) {
        String id = ids.next("req_01", 22);
        return Reply.json(
                        status,
                        new JsonObject()
                                .put("type", "error")
                                .put("error", new JsonObject().put("type", type).put("message", message))
                                .put("request_id", id))
                .with(REQUEST_ID, id);
    }

    @Override
    public Reply problem(Exchange exchange, Fault fault) {
        return switch (fault.status()) {
            case 401 -> error(401, "authentication_error", fault.message("invalid x-api-key"));
            case 429 -> error(429, "rate_limit_error", fault.message("This request would exceed your rate limit."));
            case 529 -> error(529, "overloaded_error", fault.message("Overloaded"));
            default ->
                error(
                        fault.status(),
                        fault.status() >= 500 ? "api_error" : "invalid_request_error",
                        fault.message("Internal server error"));
        };
    }
}
