package dev.parley.agent;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An LLM server on both wires and a policy-service, for tests. The first word of the last user message says how the LLM
 * misbehaves, and the model {@code broken} always does; {@code GET /log?text=…} tells how often that message was received
 * and the last request for it. {@code GET /plain?tenant=…&on} takes a tenant's features away, without {@code on} it gives
 * them back.
 */
public class FakeVendors implements QuarkusTestResourceLifecycleManager {
    /** The tenant for which the fake policy-service breaks off. */
    public static final String TENANT_WITHOUT_POLICY = "0190dead-0000-7000-8000-000000000001";

    private static final String REPLY = "Echo: ";
    private static final Pattern SLOW = Pattern.compile("takeyourtime-[0-9a-f]+");

    private final Map<String, JsonObject> log = new ConcurrentHashMap<>();
    /** Answers that wait until a test lets them out. */
    private final Map<String, Runnable> held = new ConcurrentHashMap<>();

    private final Set<String> plain = ConcurrentHashMap.newKeySet();
    private Vertx vertx;

    @Override
    public Map<String, String> start() {
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
        try {
            HttpServer server = vertx.createHttpServer()
                    .requestHandler(this::handle)
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            String url = "http://127.0.0.1:" + server.actualPort();
            Map<String, String> settings = new HashMap<>();
            settings.put("PARLEY_LLM_BASE_URL", url + "/v1");
            settings.put("PARLEY_LLM_API_KEY", "sk-environment");
            settings.put("PARLEY_LLM_MODEL", "fake-default");
            settings.put("PARLEY_POLICY_URL", url);
            // Policy is never gone here, and may be slow.
            settings.put("parley.service.silence", "5s");
            settings.put("fake.url", url);
            settings.put("PARLEY_WEBHOOK_LOOPBACK", "true");
            settings.put("PARLEY_PUBLIC_URL", "http://127.0.0.1:8080");
            settings.put("agent.provider.first-byte-timeout", "6S");
            settings.put("agent.provider.whole-answer-timeout", "6S");
            settings.put("agent.provider.total-timeout", "20S");
            settings.put("agent.provider.retry.min-backoff", "0.01S");
            settings.put("agent.provider.retry.max-backoff", "0.05S");
            settings.put("agent.provider.retry.budget-reserve", "1000");
            settings.put("agent.provider.breaker.minimum-calls", "1000000");
            settings.put("agent.tool.max-steps", "3");
            settings.put("agent.run.loop.max-runs", "12");
            settings.put("agent.run.loop.max-same", "6");
            settings.put("agent.run.loop.max-tokens", "1000");
            settings.put("agent.run.loop.day.max-same", "8");
            settings.put("agent.run.wait-for-other", "0.5S");
            settings.put("agent.run.poll-other", "0.05S");
            return settings;
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void stop() {
        if (vertx != null) {
            vertx.close();
        }
    }

    private void handle(HttpServerRequest request) {
        switch (request.path()) {
            case "/v1/chat/completions" -> request.body().onSuccess(body -> openAi(request, new JsonObject(body)));
            case "/broken/v1/chat/completions" ->
                request.body().onSuccess(body -> {
                    JsonObject asked = new JsonObject(body);
                    received("broken " + lastUserText(asked), asked, request);
                    request.response()
                            .setStatusCode(503)
                            .putHeader("retry-after", "3")
                            .end();
                });
            case "/half/v1/chat/completions" -> request.body().onSuccess(body -> cut(request, new JsonObject(body)));
            case "/anthropic/v1/messages" -> request.body().onSuccess(body -> anthropic(request, new JsonObject(body)));
            case "/internal/decisions/agents" ->
                request.body().onSuccess(body -> decide(request, new JsonObject(body)));
            case "/internal/decisions" ->
                request.body().onSuccess(body -> {
                    JsonObject asked = new JsonObject(body);
                    if (asked.containsKey("feature")) {
                        feature(request);
                    } else {
                        hold(request, asked);
                    }
                });
            case "/plain" -> {
                if (request.getParam("on") == null) {
                    plain.remove(request.getParam("tenant"));
                } else {
                    plain.add(request.getParam("tenant"));
                }
                request.response().end();
            }
            case "/open" -> {
                Runnable answer = held.remove(request.getParam("text"));
                request.response().setStatusCode(answer == null ? 404 : 204).end();
                if (answer != null) {
                    answer.run();
                }
            }
            case "/log" ->
                json(request.response(), log.getOrDefault(request.getParam("text"), new JsonObject().put("calls", 0)));
            default -> {
                if (request.path().endsWith("/release")) {
                    String operation = request.path().split("/")[3];
                    log.put("released " + operation, new JsonObject().put("calls", 1));
                    log.put("released " + agentOf(operation), new JsonObject().put("calls", 1));
                    request.response().setStatusCode(204).end();
                } else {
                    request.response().setStatusCode(404).end();
                }
            }
        }
    }

    private String agentOf(String operation) {
        JsonObject held = log.get("held " + operation);
        return held == null ? "nobody" : held.getJsonObject("body").getString("agent");
    }

    private void hold(HttpServerRequest request, JsonObject body) {
        log.put("held " + body.getString("operation_id"), new JsonObject().put("body", body));
        boolean allow = !body.getString("agent").startsWith("broke");
        json(
                request.response(),
                new JsonObject()
                        .put("decision_id", "0190dead-0000-7000-8000-00000000000d")
                        .put("allow", allow)
                        .put("status", allow ? 200 : 402)
                        .put("reason_code", allow ? "ALLOWED" : "CREDITS_EXHAUSTED")
                        .put("limits", new JsonObject())
                        .put(
                                "hold",
                                allow ? new JsonObject().put("id", "hold." + body.getString("operation_id")) : null));
    }

    private static void decide(HttpServerRequest request, JsonObject body) {
        String token = request.getHeader("Authorization").substring("Bearer ".length());
        JsonObject claims = new JsonObject(new String(Base64.getUrlDecoder().decode(token.split("\\.")[1])));
        if (TENANT_WITHOUT_POLICY.equals(claims.getString("tenant_id"))) {
            request.connection().close();
            return;
        }
        JsonArray items = new JsonArray();
        for (Object slug : body.getJsonArray("agents")) {
            boolean allow = !slug.toString().startsWith("locked");
            items.add(new JsonObject()
                    .put("agent", slug)
                    .put("allow", allow)
                    .put("reason_code", allow ? null : "AGENT_NOT_IN_PLAN"));
        }
        json(request.response(), new JsonObject().put("items", items));
    }

    private void feature(HttpServerRequest request) {
        String token = request.getHeader("Authorization").substring("Bearer ".length());
        JsonObject claims = new JsonObject(new String(Base64.getUrlDecoder().decode(token.split("\\.")[1])));
        boolean allow = !plain.contains(claims.getString("tenant_id"));
        json(
                request.response(),
                new JsonObject()
                        .put("decision_id", "0190abcd-0000-7000-8000-000000000001")
                        .put("allow", allow)
                        .put("status", allow ? 200 : 403)
                        .put("reason_code", allow ? "ALLOWED" : "FEATURE_NOT_IN_PLAN")
                        .put("rule_id", "plan.features")
                        .put("remedy", allow ? null : "Change to a plan that includes custom_prompts."));
    }

    private int received(String text, JsonObject body, HttpServerRequest request) {
        return log.compute(text, (any, before) -> new JsonObject()
                        .put("calls", before == null ? 1 : before.getInteger("calls") + 1)
                        .put("authorization", request.getHeader("authorization"))
                        .put("api_key", request.getHeader("x-api-key"))
                        .put("version", request.getHeader("anthropic-version"))
                        .put("body", body))
                .getInteger("calls");
    }

    private static String lastUserText(JsonObject body) {
        JsonArray messages = body.getJsonArray("messages");
        Object content = null;
        for (int i = messages.size() - 1; content == null; i--) {
            JsonObject message = messages.getJsonObject(i);
            boolean toolResult = message.getValue("content") instanceof JsonArray parts
                    && parts.getJsonObject(0).getString("type").equals("tool_result");
            boolean mend = String.valueOf(message.getValue("content")).contains("does not have the form");
            boolean asked = message.getString("role").equals("user") && !toolResult && !mend;
            content = asked ? message.getValue("content") : null;
        }
        return content instanceof JsonArray parts ? parts.getJsonObject(0).getString("text") : content.toString();
    }

    private static String systemText(JsonObject body) {
        return body.getJsonArray("messages").getJsonObject(0).getString("content");
    }

    private void openAi(HttpServerRequest request, JsonObject body) {
        String text = lastUserText(body);
        int call = received(text, body, request);
        HttpServerResponse response = request.response();
        if ("broken".equals(body.getString("model"))) {
            response.setStatusCode(400).end("{\"error\":{\"message\":\"no such model\"}}");
            return;
        }
        if (String.valueOf(request.getHeader("authorization")).contains("sk-bad")) {
            response.setStatusCode(401).end("{\"error\":{\"message\":\"bad key\"}}");
            return;
        }
        JsonArray messages = body.getJsonArray("messages");
        boolean told =
                messages.getJsonObject(messages.size() - 1).getString("role").equals("tool");
        boolean forbidden = "none".equals(body.getValue("tool_choice"));
        if (text.startsWith("Notes so far") && text.contains("forgetme")) {
            response.setStatusCode(500).end();
            return;
        }
        Matcher slow = SLOW.matcher(text);
        if (text.startsWith("Notes so far") && slow.find()) {
            held.put(slow.group(), () -> answer(body, response, text, usage(11, 7)));
            return;
        }
        switch (text.split(" ")[0]) {
            case "tool" -> {
                if (told || forbidden) {
                    answer(body, response, text, usage(11, 7), "It is done.");
                } else {
                    call(body, response, "{\"timezone\":\"UTC\"}", "tool_calls");
                }
            }
            case "toolforever" -> call(body, response, "{\"timezone\":\"UTC\"}", "tool_calls");
            case "toolstop" -> call(body, response, "{\"timezone\":\"UTC\"}", "stop");
            case "person" -> {
                if (told) {
                    answer(body, response, text, usage(11, 7), "Somebody will come back to you.");
                } else {
                    call(body, response, "{\"reason\":\"angry\",\"summary\":\"Wants money back\"}", "tool_calls");
                }
            }
            case "pay" -> {
                if (told) {
                    answer(body, response, text, usage(11, 7), "It is under way.");
                } else {
                    call(body, response, "{\"amount\":" + text.split(" ")[1] + "}", "tool_calls");
                }
            }
            case "refusal" -> refuse(body, response);
            case "filtered" -> filter(body, response);
            case "json" -> answer(body, response, text, usage(11, 7), "```json\n{\"age\": 3}\n```");
            case "badjson" -> answer(body, response, text, usage(11, 7), call == 1 ? "It is 3." : "{\"age\": 3}");
            case "neverjson" -> answer(body, response, text, usage(11, 7), "{\"age\": -3}");
            case "hang" -> {}
            case "500" -> response.setStatusCode(500).end("{\"error\":{\"message\":\"sk-environment leaked\"}}");
            case "400" -> response.setStatusCode(400).end("{\"error\":{\"message\":\"bad\"}}");
            case "flaky" -> {
                if (call == 1) {
                    response.setStatusCode(503).end();
                } else {
                    answer(body, response, text, usage(11, 7));
                }
            }
            case "flakyonce" -> {
                if (call == 1) {
                    answer(body, response, text, usage(11, 7));
                } else {
                    response.setStatusCode(500).end();
                }
            }
            case "busy" -> {
                if (call == 1) {
                    response.setStatusCode(429).putHeader("retry-after", "1").end();
                } else {
                    answer(body, response, text, usage(11, 7));
                }
            }
            case "busyforlong" ->
                response.setStatusCode(429).putHeader("retry-after", "3600").end();
            case "refused" ->
                response.setStatusCode(503).putHeader("x-should-retry", "false").end();
            case "malformed" -> response.end("{\"choices\": [{\"message\"");
            case "notjson" -> response.end("<html>oops</html>");
            case "deep" -> response.end("[".repeat(100_000));
            case "huge" -> response.end(Buffer.buffer("x".repeat(10 * 1024 * 1024)));
            case "cut" -> cut(request, body);
            case "reset" -> {
                if (call == 1) {
                    request.connection().close();
                } else {
                    answer(body, response, text, usage(11, 7));
                }
            }
            case "errorframe" -> {
                response.setChunked(true).putHeader("content-type", "text/event-stream");
                response.write(chunk("Half", null));
                response.end("data: {\"error\":{\"message\":\"overloaded\"}}\n\n");
            }
            case "zero" -> answer(body, response, text, usage(0, 0));
            case "nousage" -> answer(body, response, text, null);
            case "empty" -> answer(body, response, text, usage(3, 0), "");
            case "dirty" -> answer(body, response, text, usage(3, 3), "a\u0000b \uD83D\uDE00");
            case "obey" -> answer(body, response, text, usage(11, 7), systemText(body));
            case "held" -> held.put(text, () -> answer(body, response, text, usage(11, 7)));
            case "slow" -> vertx.setTimer(800, timer -> answer(body, response, text, usage(11, 7)));
            default -> answer(body, response, text, usage(11, 7));
        }
    }

    /** Refuses as OpenAI's structured output does. */
    private static void refuse(JsonObject body, HttpServerResponse response) {
        JsonObject message =
                new JsonObject().put("role", "assistant").putNull("content").put("refusal", "I cannot help with that.");
        whole(response, message, "stop");
    }

    /** Answers as a content filter does that leaves nothing. */
    private static void filter(JsonObject body, HttpServerResponse response) {
        if (!body.getBoolean("stream", false)) {
            whole(response, new JsonObject().put("role", "assistant").put("content", ""), "content_filter");
            return;
        }
        response.setChunked(true).putHeader("content-type", "text/event-stream");
        response.end(chunk(null, "content_filter") + "data: [DONE]\n\n");
    }

    private static void whole(HttpServerResponse response, JsonObject message, String finishReason) {
        json(
                response,
                new JsonObject()
                        .put("model", "fake-1")
                        .put(
                                "choices",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("message", message)
                                                .put("finish_reason", finishReason)))
                        .put("usage", usage(11, 7)));
    }

    /** Calls the first function that is offered, whole or in pieces. */
    private static void call(JsonObject body, HttpServerResponse response, String arguments, String finishReason) {
        String name = body.containsKey("tools")
                ? body.getJsonArray("tools")
                        .getJsonObject(0)
                        .getJsonObject("function")
                        .getString("name")
                : "refund_everybody";
        if (!body.getBoolean("stream", false)) {
            JsonObject function = new JsonObject().put("name", name).put("arguments", arguments);
            JsonObject called =
                    new JsonObject().put("id", "call_1").put("type", "function").put("function", function);
            JsonObject message = new JsonObject()
                    .put("role", "assistant")
                    .put("content", null)
                    .put("tool_calls", new JsonArray().add(called));
            whole(response, message, finishReason);
            return;
        }
        response.setChunked(true).putHeader("content-type", "text/event-stream");
        response.write(piece(new JsonObject()
                .put("index", 0)
                .put("id", "call_1")
                .put("function", new JsonObject().put("name", name).put("arguments", ""))));
        int third = arguments.length() / 3;
        for (String part : new String[] {
            arguments.substring(0, third), arguments.substring(third, 2 * third), arguments.substring(2 * third)
        }) {
            response.write(
                    piece(new JsonObject().put("index", 0).put("function", new JsonObject().put("arguments", part))));
        }
        response.end(chunk(null, finishReason) + "data: [DONE]\n\n");
    }

    private static String piece(JsonObject call) {
        JsonObject delta = new JsonObject().put("tool_calls", new JsonArray().add(call));
        return "data: "
                + new JsonObject()
                        .put("model", "fake-1")
                        .put("choices", new JsonArray().add(new JsonObject().put("delta", delta)))
                        .encode()
                + "\n\n";
    }

    private void cut(HttpServerRequest request, JsonObject body) {
        HttpServerResponse response = request.response();
        if (body.getBoolean("stream", false)) {
            response.setChunked(true).putHeader("content-type", "text/event-stream");
            response.write(chunk("Half an", null));
            response.end(chunk(" ans", null) + "data: [DONE]\n\n");
        } else {
            response.putHeader("content-length", "500");
            response.write("{\"choices\":[{\"message\":{\"content\":\"Half an ans");
            vertx.setTimer(50, timer -> request.connection().close());
        }
    }

    private void answer(JsonObject body, HttpServerResponse response, String text, JsonObject usage) {
        answer(body, response, text, usage, REPLY + text);
    }

    private void answer(JsonObject body, HttpServerResponse response, String text, JsonObject usage, String reply) {
        if (!body.getBoolean("stream", false)) {
            json(
                    response,
                    new JsonObject()
                            .put("id", "chatcmpl-1")
                            .put("model", "fake-1")
                            .put(
                                    "choices",
                                    new JsonArray()
                                            .add(new JsonObject()
                                                    .put("index", 0)
                                                    .put(
                                                            "message",
                                                            new JsonObject()
                                                                    .put("role", "assistant")
                                                                    .put("content", reply))
                                                    .put("finish_reason", "stop")))
                            .put("usage", usage));
            return;
        }
        response.setChunked(true).putHeader("content-type", "text/event-stream");
        response.write(": keepalive\n\n");
        response.write(
                "data:"
                        + " {\"model\":\"fake-1\",\"choices\":[{\"delta\":{\"role\":\"assistant\"},\"finish_reason\":null}],\"usage\":null}\r\n\r\n");
        String[] words = reply.split("(?<= )");
        streamWords(response, words, 0, usage);
    }

    private void streamWords(HttpServerResponse response, String[] words, int next, JsonObject usage) {
        if (next < words.length) {
            response.write(chunk(words[next], null));
            vertx.setTimer(20, timer -> streamWords(response, words, next + 1, usage));
            return;
        }
        String end = chunk(null, "stop");
        if (usage != null) {
            end += "data: "
                    + new JsonObject()
                            .put("choices", new JsonArray())
                            .put("usage", usage)
                            .encode() + "\n\n";
        }
        response.end(end + "data: [DONE]\n\n");
    }

    private static String chunk(String content, String finishReason) {
        JsonObject delta = new JsonObject();
        if (content != null) {
            delta.put("content", content);
        }
        return "data: "
                + new JsonObject()
                        .put("model", "fake-1")
                        .put(
                                "choices",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("delta", delta)
                                                .put("finish_reason", finishReason)))
                        .encode()
                + "\n\n";
    }

    private static JsonObject usage(int input, int output) {
        return new JsonObject()
                .put("prompt_tokens", input)
                .put("completion_tokens", output)
                .put("total_tokens", input + output);
    }

    private void anthropic(HttpServerRequest request, JsonObject body) {
        String text = lastUserText(body);
        received(text, body, request);
        HttpServerResponse response = request.response();
        String mode = text.split(" ")[0];
        if (mode.equals("500")) {
            response.setStatusCode(500)
                    .end("{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"x\"}}");
            return;
        }
        if (mode.equals("tool") && body.containsKey("tools") && !body.encode().contains("tool_result")) {
            json(
                    response,
                    new JsonObject()
                            .put("id", "msg_1")
                            .put("type", "message")
                            .put("role", "assistant")
                            .put("model", "claude-fake")
                            .put(
                                    "content",
                                    new JsonArray()
                                            .add(new JsonObject()
                                                    .put("type", "tool_use")
                                                    .put("id", "toolu_1")
                                                    .put(
                                                            "name",
                                                            body.getJsonArray("tools")
                                                                    .getJsonObject(0)
                                                                    .getString("name"))
                                                    .put("input", new JsonObject().put("timezone", "UTC"))))
                            .put("stop_reason", "tool_use")
                            .put(
                                    "usage",
                                    new JsonObject().put("input_tokens", 21).put("output_tokens", 9)));
            return;
        }
        if (!body.getBoolean("stream", false)) {
            json(
                    response,
                    new JsonObject()
                            .put("id", "msg_1")
                            .put("type", "message")
                            .put("role", "assistant")
                            .put("model", "claude-fake")
                            .put(
                                    "content",
                                    new JsonArray()
                                            .add(new JsonObject()
                                                    .put("type", "text")
                                                    .put("text", REPLY + text)))
                            .put("stop_reason", mode.equals("cut") ? null : "max_tokens")
                            .put(
                                    "usage",
                                    new JsonObject().put("input_tokens", 21).put("output_tokens", 9)));
            return;
        }
        response.setChunked(true).putHeader("content-type", "text/event-stream");
        response.write(
                event(
                        "message_start",
                        "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-fake\",\"content\":[],\"stop_reason\":null,\"usage\":{\"input_tokens\":21,\"output_tokens\":1}}}"));
        response.write(event(
                "content_block_start",
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}"));
        response.write(event("ping", "{\"type\":\"ping\"}"));
        for (String word : (REPLY + text).split("(?<= )")) {
            response.write(event(
                    "content_block_delta",
                    new JsonObject()
                            .put("type", "content_block_delta")
                            .put("index", 0)
                            .put(
                                    "delta",
                                    new JsonObject().put("type", "text_delta").put("text", word))
                            .encode()));
        }
        if (mode.equals("cut")) {
            response.end();
            return;
        }
        if (mode.equals("errorframe")) {
            response.end(event(
                    "error",
                    "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"));
            return;
        }
        response.write(event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}"));
        response.write(
                event(
                        "message_delta",
                        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":9}}"));
        response.end(event("message_stop", "{\"type\":\"message_stop\"}"));
    }

    private static String event(String name, String data) {
        return "event: " + name + "\ndata: " + data + "\n\n";
    }

    private static void json(HttpServerResponse response, JsonObject body) {
        response.putHeader("content-type", "application/json").end(body.encode());
    }
}
