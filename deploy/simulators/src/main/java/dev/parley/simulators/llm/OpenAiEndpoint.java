package dev.parley.simulators.llm;

import dev.parley.simulators.exchange.Endpoint;
import dev.parley.simulators.exchange.Exchange;
import dev.parley.simulators.exchange.Fault;
import dev.parley.simulators.exchange.RandomIds;
import dev.parley.simulators.exchange.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.List;

/** OpenAI's wire format: chat completions, whole and streamed, and the list of models. Any model name is served. */
final class OpenAiEndpoint implements Endpoint {

    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final List<String> MODELS = List.of("parley-demo", "parley-demo-large", "gpt-4o-mini");
    private static final long MODEL_CREATED = 1_760_000_000;

    private final DemoModel model;
    private final Clock clock;
    private final RandomIds ids = new RandomIds();

    OpenAiEndpoint(DemoModel model, Clock clock) {
        this.model = model;
        this.clock = clock;
    }

    @Override
    public void handle(Exchange exchange) {
        try {
            authenticate(exchange.header("authorization"));
            String path = exchange.path();
            if (path.equals("/chat/completions")) {
                requireMethod(exchange, "POST");
                complete(exchange);
            } else if (path.equals("/models")) {
                requireMethod(exchange, "GET");
                JsonArray data = new JsonArray();
                MODELS.forEach(name -> data.add(model(name)));
                exchange.answer(json(200, new JsonObject().put("object", "list").put("data", data)));
            } else if (path.startsWith("/models/")) {
                requireMethod(exchange, "GET");
                exchange.answer(json(200, model(path.substring("/models/".length()))));
            } else {
                throw new LlmProblem(
                        404,
                        "invalid_request_error",
                        "unknown_url",
                        null,
                        "Unknown request URL: " + exchange.method() + " " + path
                                + ". Please check the URL for typos, or see the docs at"
                                + " https://platform.openai.com/docs/api-reference/.");
            }
        } catch (LlmProblem problem) {
            exchange.answer(error(problem));
        }
    }

    private static void authenticate(String authorization) {
        if (authorization == null || !authorization.startsWith("Bearer ") || authorization.length() < 8) {
            throw new LlmProblem(
                    401,
                    "invalid_request_error",
                    null,
                    null,
                    "You didn't provide an API key. You need to provide your API key in an Authorization header using"
                            + " Bearer auth (i.e. Authorization: Bearer YOUR_KEY).");
        }
        if (authorization.contains("invalid")) {
            throw new LlmProblem(
                    401,
                    "invalid_request_error",
                    "invalid_api_key",
                    null,
                    "Incorrect API key provided: ***" + authorization.substring(authorization.length() - 4)
                            + ". You can find your API key at https://platform.openai.com/account/api-keys.");
        }
    }

    private static void requireMethod(Exchange exchange, String method) {
        if (!exchange.method().equals(method)) {
            throw new LlmProblem(
                    405,
                    "invalid_request_error",
                    "method_not_supported",
                    null,
                    "Not allowed to " + exchange.method() + " on " + exchange.path() + ".");
        }
    }

    private void complete(Exchange exchange) {
        ChatRequest request = ChatRequest.parse(exchange.body());
        DemoModel.Said said = model.reply(exchange.body(), request.lastUser(), request.userBefore());
        String whole = said.text();
        String unstopped = Tokens.beforeStop(whole, request.stops());
        String text = Tokens.first(unstopped, request.mostTokens());
        String finish = text.length() < unstopped.length() ? "length" : "stop";
        if (!said.calls().isEmpty()) {
            finish = "tool_calls";
        }
        int completionTokens = Tokens.count(text) + said.callTokens();
        model.billed(request.promptTokens(), completionTokens);
        String id = ids.next("chatcmpl-", 29);
        if (request.isStream()) {
            stream(exchange, request, id, text, said.calls(), finish, completionTokens);
        } else {
            StringBuilder out = new StringBuilder(900);
            head(out, id, "chat.completion", request.model())
                    .append(",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":");
            content(out, text, said.calls()).append(",\"refusal\":null,\"annotations\":[]");
            if (!said.calls().isEmpty()) {
                out.append(",\"tool_calls\":[");
                for (int i = 0; i < said.calls().size(); i++) {
                    DemoModel.Call call = said.calls().get(i);
                    out.append(i == 0 ? "{\"id\":\"" : ",{\"id\":\"").append(callId(id, i));
                    JsonText.quote(out.append("\",\"type\":\"function\",\"function\":{\"name\":"), call.name());
                    JsonText.quote(out.append(",\"arguments\":"), call.arguments())
                            .append("}}");
                }
                out.append(']');
            }
            out.append("},\"logprobs\":null,\"finish_reason\":\"")
                    .append(finish)
                    .append("\"}],\"usage\":");
            usage(out, request.promptTokens(), completionTokens).append('}');
            exchange.answer(json(200, Buffer.buffer(out.toString()), id));
        }
    }

    /** A model that only calls functions says nothing. */
    private static StringBuilder content(StringBuilder out, String text, List<DemoModel.Call> calls) {
        return text.isEmpty() && !calls.isEmpty() ? out.append("null") : JsonText.quote(out, text);
    }

    private static String callId(String id, int index) {
        return "call_" + id.substring(id.length() - 20) + index;
    }

    private static void streamCall(
            EventStream stream, String head, String tail, String callId, int index, DemoModel.Call call) {
        StringBuilder out = stream.text();
        String open = head + "{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":" + index;
        out.append(open).append(",\"id\":\"").append(callId).append("\",\"type\":\"function\",\"function\":{\"name\":");
        JsonText.quote(out, call.name()).append(",\"arguments\":\"\"}}]").append(tail);
        stream.endFrame();
        String arguments = call.arguments();
        for (int start = 0; start < arguments.length(); ) {
            int end = Tokens.end(arguments, start);
            out.append(open).append(",\"function\":{\"arguments\":");
            JsonText.quote(out, arguments, start, end).append("}}]").append(tail);
            stream.endToken();
            start = end;
        }
    }

    private void stream(
            Exchange exchange,
            ChatRequest request,
            String id,
            String text,
            List<DemoModel.Call> calls,
            String finish,
            int completionTokens) {
        EventStream stream = new EventStream();
        StringBuilder out = stream.text();
        String head = head(new StringBuilder(200).append("data: "), id, "chat.completion.chunk", request.model())
                .append(",\"choices\":[")
                .toString();
        String noUsage = request.includesUsage() ? ",\"usage\":null}" : "}";
        String tail = "},\"logprobs\":null,\"finish_reason\":null}]" + noUsage;
        out.append(head).append("{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":");
        content(out, "", text.isEmpty() ? calls : List.of())
                .append(",\"refusal\":null")
                .append(tail);
        stream.endFrame();
        for (int start = 0; start < text.length(); ) {
            int end = Tokens.end(text, start);
            out.append(head).append("{\"index\":0,\"delta\":{\"content\":");
            JsonText.quote(out, text, start, end).append(tail);
            stream.endToken();
            start = end;
        }
        for (int i = 0; i < calls.size(); i++) {
            streamCall(stream, head, tail, callId(id, i), i, calls.get(i));
        }
        out.append(head)
                .append("{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"")
                .append(finish)
                .append("\"}]")
                .append(noUsage);
        stream.endFrame();
        if (request.includesUsage()) {
            out.append(head).append("],\"usage\":");
            usage(out, request.promptTokens(), completionTokens).append('}');
            stream.endFrame();
        }
        out.append("data: [DONE]");
        stream.endFrame();
        stream.play(
                exchange,
                REQUEST_ID,
                requestId(id),
                "data: {\"error\":{\"message\":\"The server had an error while processing your request."
                        + "\",\"type\":\"server_error\",\"param\":null,\"code\":null}}\n\n");
    }

    private StringBuilder head(StringBuilder out, String id, String object, String name) {
        out.append("{\"id\":\"").append(id).append("\",\"object\":\"").append(object);
        out.append("\",\"created\":").append(clock.millis() / 1000).append(",\"model\":");
        return JsonText.quote(out, name)
                .append(",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_parley_demo\"");
    }

    private static StringBuilder usage(StringBuilder out, int promptTokens, int completionTokens) {
        return out.append("{\"prompt_tokens\":")
                .append(promptTokens)
                .append(",\"completion_tokens\":")
                .append(completionTokens)
                .append(",\"total_tokens\":")
                .append(promptTokens + completionTokens)
                .append(",\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0},"
                        + "\"completion_tokens_details\":{\"reasoning_tokens\":0,\"audio_tokens\":0,"
                        + "\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}}");
    }

    private static JsonObject model(String name) {
        return new JsonObject()
                .put("id", name)
                .put("object", "model")
                .put("created", MODEL_CREATED)
                .put("owned_by", "parley");
    }

    private Reply json(int status, JsonObject body) {
        return json(status, body.toBuffer(), ids.next("", 20));
    }

    private static Reply json(int status, Buffer body, String id) {
        return new Reply(status, List.of(HttpHeaders.CONTENT_TYPE, JSON, REQUEST_ID, requestId(id)), body);
    }

    private static String requestId(String id) {
        return "req_" + id.substring(id.length() - 20);
    }

    private Reply error(LlmProblem problem) {
        return json(
                problem.status(),
                new JsonObject()
                        .put(
                                "error",
                                new JsonObject()
                                        .put("message", problem.getMessage())
                                        .put("type", problem.type())
                                        .put("param", problem.param())
                                        .put("code", problem.code())));
    }

    @Override
    public Reply problem(Exchange exchange, Fault fault) {
        int status = fault.status();
        String type = status == 429 ? "requests" : status >= 500 ? "server_error" : "invalid_request_error";
        String code = status == 429 ? "rate_limit_exceeded" : status == 401 ? "invalid_api_key" : null;
        String message = status == 429
                ? "Rate limit reached for requests. Please try again later."
                : "The server had an error while processing your request. Sorry about that!";
        return error(new LlmProblem(status, type, code, null, fault.message(message)));
    }
}
