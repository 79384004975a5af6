package dev.parley.simulators.llm;

import dev.parley.simulators.exchange.Endpoint;
import dev.parley.simulators.exchange.Exchange;
import dev.parley.simulators.exchange.Fault;
import dev.parley.simulators.exchange.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The Gemini API's wire format: generateContent, whole and streamed. Any model name is served. */
final class GoogleEndpoint implements Endpoint {

    private static final CharSequence TRACE = HttpHeaders.createOptimized("x-goog-request-id");

    private final DemoModel model;

    GoogleEndpoint(DemoModel model) {
        this.model = model;
    }

    @Override
    public void handle(Exchange exchange) {
        try {
            String key = exchange.header("x-goog-api-key");
            if (key == null || key.isEmpty()) {
                throw problem(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.");
            }
            if (key.contains("invalid")) {
                throw problem(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.");
            }
            String path = exchange.path();
            int colon = path.lastIndexOf(':');
            if (!path.startsWith("/models/") || colon < 0 || !exchange.method().equals("POST")) {
                throw problem(404, "NOT_FOUND", "Requested entity was not found.");
            }
            String name = path.substring("/models/".length(), colon);
            switch (path.substring(colon + 1)) {
                case "generateContent" -> answer(exchange, name, json(exchange), false);
                case "streamGenerateContent" -> answer(exchange, name, json(exchange), true);
                default -> throw problem(404, "NOT_FOUND", "Requested entity was not found.");
            }
        } catch (LlmProblem refused) {
            exchange.answer(error(refused.status(), refused.type(), refused.getMessage()));
        } catch (ClassCastException wrongType) {
            exchange.answer(error(400, "INVALID_ARGUMENT", "Invalid value in the request."));
        }
    }

    private static LlmProblem problem(int status, String type, String message) {
        return new LlmProblem(status, type, null, null, message);
    }

    private static JsonObject json(Exchange exchange) {
        try {
            return new JsonObject(Buffer.buffer(exchange.body()));
        } catch (DecodeException broken) {
            throw problem(400, "INVALID_ARGUMENT", "Invalid JSON payload received.");
        }
    }

    private void answer(Exchange exchange, String name, JsonObject request, boolean streamed) {
        JsonArray contents = request.getJsonArray("contents", new JsonArray());
        if (contents.isEmpty()) {
            throw problem(400, "INVALID_ARGUMENT", "* GenerateContentRequest.contents: contents is not specified");
        }
        int promptTokens = Tokens.PER_REQUEST;
        JsonObject system = request.getJsonObject("systemInstruction");
        if (system != null) {
            promptTokens += Tokens.PER_MESSAGE + Tokens.count(text(system));
        }
        List<String> users = new ArrayList<>();
        for (int i = 0; i < contents.size(); i++) {
            JsonObject content = contents.getJsonObject(i);
            String role = content.getString("role", "user");
            if (!role.equals("user") && !role.equals("model")) {
                throw problem(400, "INVALID_ARGUMENT", "Please use a valid role: user, model.");
            }
            String text = text(content);
            promptTokens += Tokens.PER_MESSAGE + Tokens.count(text);
            if (role.equals("user") && !text.isEmpty()) {
                users.add(text);
            }
        }
        JsonObject generation = request.getJsonObject("generationConfig", new JsonObject());
        List<String> stops = new ArrayList<>();
        generation.getJsonArray("stopSequences", new JsonArray()).forEach(stop -> stops.add((String) stop));
        DemoModel.Said said = model.reply(
                exchange.body(),
                users.isEmpty() ? "" : users.getLast(),
                users.size() < 2 ? null : users.get(users.size() - 2));
        String unstopped = Tokens.beforeStop(said.text(), stops);
        String text = Tokens.first(unstopped, generation.getInteger("maxOutputTokens", Integer.MAX_VALUE));
        String reason = text.length() < unstopped.length() ? "MAX_TOKENS" : "STOP";
        int outputTokens = Tokens.count(text) + said.callTokens();
        model.billed(promptTokens, outputTokens);
        JsonObject usage = new JsonObject()
                .put("promptTokenCount", promptTokens)
                .put("candidatesTokenCount", outputTokens)
                .put("totalTokenCount", promptTokens + outputTokens);
        JsonArray calls = new JsonArray();
        said.calls().forEach(call -> calls.add(new JsonObject().put("functionCall", call(call))));
        if (streamed) {
            stream(exchange, name, text, calls, reason, usage);
            return;
        }
        JsonArray parts = new JsonArray();
        if (!text.isEmpty() || calls.isEmpty()) {
            parts.add(new JsonObject().put("text", text));
        }
        exchange.answer(Reply.json(200, chunk(name, parts.addAll(calls), reason, usage)));
    }

    private static JsonObject call(DemoModel.Call call) {
        try {
            return new JsonObject().put("name", call.name()).put("args", new JsonObject(call.arguments()));
        } catch (DecodeException notAnObject) {
            return new JsonObject().put("name", call.name()).put("args", new JsonObject());
        }
    }

    private static void stream(
            Exchange exchange, String name, String text, JsonArray calls, String reason, JsonObject usage) {
        EventStream stream = new EventStream();
        for (int start = 0; start < text.length(); ) {
            int end = Tokens.end(text, start);
            JsonObject part = new JsonObject().put("text", text.substring(start, end));
            data(stream, chunk(name, new JsonArray().add(part), null, null));
            stream.endToken();
            start = end;
        }
        data(
                stream,
                chunk(
                        name,
                        calls.isEmpty() ? new JsonArray().add(new JsonObject().put("text", "")) : calls,
                        reason,
                        usage));
        stream.endFrame();
        stream.play(
                exchange,
                TRACE,
                "simulated",
                "data: {\"error\":{\"code\":503,\"message\":\"The model is"
                        + " overloaded.\",\"status\":\"UNAVAILABLE\"}}\n\n");
    }

    private static void data(EventStream stream, JsonObject chunk) {
        stream.text().append("data: ").append(chunk.encode());
    }

    private static JsonObject chunk(String name, JsonArray parts, String reason, JsonObject usage) {
        JsonObject candidate = new JsonObject()
                .put("content", new JsonObject().put("parts", parts).put("role", "model"))
                .put("index", 0);
        if (reason != null) {
            candidate.put("finishReason", reason);
        }
        JsonObject chunk = new JsonObject()
                .put("candidates", new JsonArray().add(candidate))
                .put("modelVersion", name)
                .put("responseId", "simulated");
        return usage == null ? chunk : chunk.put("usageMetadata", usage);
    }

    private static String text(JsonObject content) {
        StringBuilder text = new StringBuilder();
        for (Object part : content.getJsonArray("parts", new JsonArray())) {
            String piece = ((JsonObject) part).getString("text");
            if (piece != null) {
                text.append(text.isEmpty() ? "" : "\n").append(piece);
            }
        }
        return text.toString();
    }

    private static Reply error(int status, String type, String message) {
        return Reply.json(
                status,
                new JsonObject()
                        .put(
                                "error",
                                new JsonObject()
                                        .put("code", status)
                                        .put("message", message)
                                        .put("status", type)));
    }

    @Override
    public Reply problem(Exchange exchange, Fault fault) {
        String type =
                switch (fault.status()) {
                    case 400 -> "INVALID_ARGUMENT";
                    case 401 -> "UNAUTHENTICATED";
                    case 403 -> "PERMISSION_DENIED";
                    case 429 -> "RESOURCE_EXHAUSTED";
                    case 503 -> "UNAVAILABLE";
                    default -> "INTERNAL";
                };
        return error(fault.status(), type, fault.message("An internal error has occurred."));
    }
}
