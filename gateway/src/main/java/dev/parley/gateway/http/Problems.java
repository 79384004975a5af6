package dev.parley.gateway.http;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;

/** Answers with {@code application/problem+json}, under /v1/ also in the shape that OpenAI clients read. */
@ApplicationScoped
public class Problems {
    private static final CharSequence PROBLEM_JSON = HttpHeaders.createOptimized("application/problem+json");
    private static final CharSequence BEARER = HttpHeaders.createOptimized("Bearer");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final long LINGER_BYTES = 32L << 20;
    private static final long LINGER_MILLIS = 2000;
    private static final int SHORT_REST_DIGITS = 5;

    private final JsonMapper json = new JsonMapper();
    private final Vertx vertx;
    private final SecurityHeaders security;

    Problems(Vertx vertx, SecurityHeaders security) {
        this.vertx = vertx;
        this.security = security;
    }

    /** Ends the request with this problem and its usual detail. */
    public void send(Exchange exchange, GatewayProblem problem) {
        send(exchange, problem, problem.detail(), json.createObjectNode());
    }

    /** Ends the request with this problem and a detail of its own. */
    public void send(Exchange exchange, GatewayProblem problem, String detail) {
        send(exchange, problem, detail, json.createObjectNode());
    }

    /** Ends the request with 429: when to come back, in seconds, and which policies were exceeded. */
    public void sendRateLimited(Exchange exchange, long retryAfterSeconds, String policy) {
        ObjectNode more = json.createObjectNode();
        more.putArray("violated_policies").add(policy);
        exchange.response().putHeader(Names.RETRY_AFTER, Long.toString(retryAfterSeconds));
        send(exchange, GatewayProblem.RATE_LIMITED, GatewayProblem.RATE_LIMITED.detail(), more);
    }

    /** Ends the request with a refusal that auth-service has worded: 403 with its code and detail. */
    public void sendRefusal(Exchange exchange, String code, String title, String detail) {
        String type =
                "https://parley.dev/problems/" + code.toLowerCase(Locale.ROOT).replace('_', '-');
        write(exchange, 403, type, title, detail, code, json.createObjectNode());
    }

    private void send(Exchange exchange, GatewayProblem problem, String detail, ObjectNode more) {
        if (problem == GatewayProblem.UNAUTHENTICATED) {
            exchange.response().putHeader(Names.WWW_AUTHENTICATE, BEARER);
        }
        if (problem == GatewayProblem.UNAVAILABLE) {
            exchange.response().putHeader(Names.RETRY_AFTER, "1");
        }
        write(exchange, problem.status(), problem.type(), problem.title(), detail, problem.name(), more);
    }

    private void write(
            Exchange exchange, int status, String type, String title, String detail, String code, ObjectNode more) {
        var response = exchange.response();
        if (response.ended() || response.closed()) {
            return;
        }
        ObjectNode body = json.createObjectNode();
        body.put("type", type);
        body.put("title", title);
        body.put("status", status);
        body.put("detail", detail);
        body.put("code", code);
        body.put("operation_id", exchange.operationId());
        body.setAll(more);
        if (exchange.openAi()) {
            body.putObject("error")
                    .put("message", detail)
                    .put("type", openAiType(status))
                    .put("code", code.toLowerCase(Locale.ROOT))
                    .putNull("param");
        }
        security.api(response.headers());
        exchange.describe(response.headers());
        response.setStatusCode(status)
                .putHeader(Names.CONTENT_TYPE, PROBLEM_JSON)
                .putHeader(Names.CACHE_CONTROL, NO_STORE);
        Buffer content = Buffer.buffer(body.toString());
        if (exchange.request().method() == HttpMethod.HEAD) {
            response.putHeader(Names.CONTENT_LENGTH, Integer.toString(content.length()));
            content = Buffer.buffer();
        }
        if (status == GatewayProblem.REQUEST_TIMEOUT.status()) {
            // The rest of the body will not come: there is nothing to wait for.
            var connection = exchange.request().connection();
            response.putHeader(Names.CONNECTION, "close").end(content).onComplete(sent -> connection.close());
        } else {
            end(exchange.request(), content);
        }
    }

    /**
     * Ends an answer whose request body may still be on its way: a long rest is read and thrown away for a while before
     * the connection closes, because closing a socket with unread bytes resets it and the client, still writing, would
     * never see the answer.
     */
    private void end(HttpServerRequest request, Buffer content) {
        var response = request.response();
        if (request.isEnded() || shortRest(request)) {
            response.end(content);
            if (!request.isEnded()) {
                request.handler(chunk -> {}).resume();
            }
            return;
        }
        var connection = request.connection();
        long[] discarded = {0};
        long timer = vertx.setTimer(LINGER_MILLIS, id -> connection.close());
        response.putHeader(Names.CONNECTION, "close")
                .putHeader(Names.CONTENT_LENGTH, Integer.toString(content.length()))
                .write(content);
        request.exceptionHandler(failure -> vertx.cancelTimer(timer));
        request.endHandler(end -> {
            vertx.cancelTimer(timer);
            response.end().onComplete(done -> connection.close());
        });
        request.handler(chunk -> {
            discarded[0] += chunk.length();
            if (discarded[0] > LINGER_BYTES) {
                connection.close();
            }
        });
        request.resume();
    }

    private static boolean shortRest(HttpServerRequest request) {
        String length = request.getHeader(Names.CONTENT_LENGTH);
        return length == null
                ? !request.headers().contains(Names.TRANSFER_ENCODING)
                : length.length() <= SHORT_REST_DIGITS;
    }

    private static String openAiType(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 429 -> "rate_limit_error";
            default -> status >= 500 ? "server_error" : "invalid_request_error";
        };
    }
}
