package dev.parley.gateway.route;

import dev.parley.gateway.http.Exchange;
import dev.parley.gateway.http.GatewayProblem;
import dev.parley.gateway.http.Names;
import dev.parley.gateway.http.Problems;
import dev.parley.gateway.http.SecurityHeaders;
import dev.parley.gateway.limit.OpenRequests;
import dev.parley.gateway.route.EventLoops.EventLoop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One request being forwarded: lives on its event loop from the first byte to the service to the last to the client. */
final class Forwarding extends Deadlines.Deadline {
    private static final int WHOLE = 64 * 1024;
    /** A service that is hung up on before it has read its request has got none. */
    private static final long READING_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");

    private final Exchange exchange;
    private final Route route;
    private final String authorization;
    private final EventLoop loop;
    private final Problems problems;
    private final SecurityHeaders security;
    private final OpenRequests open;
    private final int maxHeaders;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final long contentLength;
    private final boolean chunked;

    private HttpClientRequest upstream;
    private boolean written;
    private boolean answering;
    private boolean over;
    private boolean clientGone;
    private boolean retried;
    private Buffer whole;
    private HttpClientResponse streaming;
    private long streamEnds;

    Forwarding(
            Exchange exchange,
            Route route,
            String authorization,
            EventLoop loop,
            Problems problems,
            SecurityHeaders security,
            OpenRequests open,
            int maxHeaders) {
        this.exchange = exchange;
        this.route = route;
        this.authorization = authorization;
        this.loop = loop;
        this.problems = problems;
        this.security = security;
        this.open = open;
        this.maxHeaders = maxHeaders;
        this.request = exchange.request();
        this.response = request.response();
        String length = request.getHeader(Names.CONTENT_LENGTH);
        this.contentLength = length == null ? -1 : Long.parseLong(length);
        this.chunked = length == null && request.headers().contains(Names.TRANSFER_ENCODING);
    }

    void start() {
        boolean bodyToCome = hasBody() && !request.isEnded();
        at(System.nanoTime() + (bodyToCome ? route.bodyTimeoutNanos() : route.timeoutNanos()));
        loop.deadlines().add(this);
        exchange.onClientLeft(this::clientLeft);
        if (!hasBody()) {
            connect();
        } else if (contentLength >= 0 && contentLength <= WHOLE) {
            readWhole();
        } else {
            request.pause();
            connect();
        }
    }

    @Override
    void expired() {
        if (over) {
            return;
        }
        if (clientGone) {
            hangUp();
        } else if (answering) {
            cut();
        } else {
            fail(bodyRead() ? GatewayProblem.UNAVAILABLE : GatewayProblem.REQUEST_TIMEOUT);
        }
    }

    /** A small body is complete before the service hears of it: a slow client then occupies nobody else. */
    private void readWhole() {
        acceptContinue();
        request.exceptionHandler(failure -> clientLeft());
        request.body().onComplete(read -> {
            if (over) {
                return;
            }
            if (read.succeeded()) {
                whole = read.result();
                at(System.nanoTime() + route.timeoutNanos());
                connect();
            } else {
                clientLeft();
            }
        });
        request.resume();
    }

    private void connect() {
        written = false;
        var options = new RequestOptions()
                .setMethod(request.method())
                .setHost(route.host())
                .setPort(route.port())
                .setURI(request.uri());
        loop.client().request(options).onComplete(opened -> {
            if (over) {
                if (opened.succeeded()) {
                    opened.result().reset();
                }
            } else if (opened.failed()) {
                fail(GatewayProblem.UNAVAILABLE);
            } else {
                send(opened.result());
            }
        });
    }

    private void send(HttpClientRequest opened) {
        upstream = opened;
        // The same failure arrives with the response; without a handler here it would be logged as an error.
        opened.exceptionHandler(failure -> {});
        if (!copyRequestHeaders(opened)) {
            fail(GatewayProblem.HEADERS_TOO_LARGE);
            return;
        }
        opened.response().onComplete(answered -> {
            if (answered.succeeded()) {
                answer(answered.result());
            } else {
                unanswered();
            }
        });
        if (!hasBody()) {
            opened.end().onSuccess(end -> written());
        } else if (whole != null) {
            opened.end(whole).onSuccess(end -> written());
        } else {
            sendStreaming(opened);
        }
    }

    private void written() {
        written = true;
        if (clientGone && route.hangUp()) {
            hangUpOnceRead();
        }
    }

    private void sendStreaming(HttpClientRequest opened) {
        acceptContinue();
        long[] seen = {0};
        if (contentLength < 0) {
            opened.setChunked(true);
        }
        request.exceptionHandler(failure -> clientLeft());
        request.handler(chunk -> {
            if (over) {
                return;
            }
            seen[0] += chunk.length();
            if (seen[0] > route.maxBody()) {
                fail(GatewayProblem.PAYLOAD_TOO_LARGE);
                return;
            }
            opened.write(chunk);
            if (opened.writeQueueFull()) {
                request.pause();
                opened.drainHandler(drained -> request.resume());
            }
        });
        request.endHandler(end -> {
            if (!over) {
                if (!answering) {
                    at(System.nanoTime() + route.timeoutNanos());
                }
                opened.end().onSuccess(sent -> written());
            }
        });
        request.resume();
    }

    private void acceptContinue() {
        if (request.headers().contains(Names.EXPECT)) {
            response.writeContinue();
        }
    }

    private void answer(HttpClientResponse answer) {
        if (over) {
            return;
        }
        answering = true;
        if (clientGone && written && route.hangUp()) {
            hangUp();
            return;
        }
        String length = answer.getHeader(Names.CONTENT_LENGTH);
        if (!clientGone) {
            copyResponseHeaders(answer);
        }
        answer.exceptionHandler(failure -> cut());
        if (length != null && length.length() <= 5 && Long.parseLong(length) <= WHOLE) {
            answerWhole(answer);
        } else {
            answerStreaming(answer, length);
        }
    }

    private void answerWhole(HttpClientResponse answer) {
        if (bodiless(answer)) {
            answer.endHandler(end -> finish(null));
            return;
        }
        answer.body().onComplete(read -> {
            if (read.succeeded()) {
                finish(read.result());
            } else {
                cut();
            }
        });
    }

    private void answerStreaming(HttpClientResponse answer, String length) {
        streaming = answer;
        streamEnds = System.nanoTime() + route.streamTotalNanos();
        touch();
        if (length == null && !bodiless(answer) && !clientGone) {
            response.setChunked(true);
        }
        answer.handler(chunk -> {
            touch();
            if (clientGone || over) {
                return;
            }
            response.write(chunk);
            if (response.writeQueueFull()) {
                answer.pause();
                response.drainHandler(drained -> answer.resume());
            }
        });
        answer.endHandler(end -> finish(null));
    }

    private void touch() {
        long idle = System.nanoTime() + route.streamIdleNanos();
        at(idle - streamEnds < 0 ? idle : streamEnds);
    }

    private void finish(Buffer content) {
        if (over) {
            return;
        }
        close();
        if (hasBody() && !request.isEnded()) {
            // The service has answered without the rest of the body.
            upstream.reset();
            request.resume();
        }
        if (clientGone || response.ended()) {
            return;
        }
        if (content == null) {
            response.end();
        } else {
            response.end(content);
        }
    }

    /** The service hung up before it answered. A connection that had been idle may just have been closed. */
    private void unanswered() {
        if (over) {
            return;
        }
        boolean repeatable = reads() || request.headers().contains(Names.IDEMPOTENCY_KEY);
        boolean atHand = !hasBody() || whole != null;
        if (repeatable && atHand && !retried) {
            retried = true;
            connect();
        } else {
            fail(GatewayProblem.UNAVAILABLE);
        }
    }

    /** Answers with a problem, as nothing has been answered yet. */
    private void fail(GatewayProblem problem) {
        if (over) {
            return;
        }
        close();
        if (upstream != null) {
            upstream.reset();
        }
        if (!clientGone) {
            problems.send(exchange, problem);
        }
    }

    /** Breaks off an answer that has begun, so that the client cannot take it for complete. */
    private void cut() {
        if (over) {
            return;
        }
        close();
        upstream.reset();
        if (!clientGone && !response.ended()) {
            response.reset();
        }
        exchange.over();
    }

    /**
     * The client hung up. What only reads is cancelled; what may have changed something runs to its end and its answer is
     * thrown away, so that a service never stops half-way because a browser tab was closed. Only a service that finishes
     * by itself is told, once it has the whole request.
     */
    private void clientLeft() {
        if (clientGone || over) {
            return;
        }
        clientGone = true;
        if (reads() || !bodyRead()) {
            hangUp();
        } else if (route.hangUp() && written) {
            hangUpOnceRead();
        } else if (streaming != null) {
            // It may be waiting for the client to take more.
            streaming.resume();
        }
    }

    private void hangUpOnceRead() {
        if (answering) {
            hangUp();
        } else {
            at(System.nanoTime() + READING_NANOS);
        }
    }

    private void hangUp() {
        if (over) {
            return;
        }
        close();
        if (upstream != null) {
            upstream.reset();
        }
    }

    private void close() {
        over = true;
        loop.deadlines().remove(this);
        open.leave(exchange);
    }

    private boolean copyRequestHeaders(HttpClientRequest opened) {
        if (RequestHeaders.write(exchange, route, authorization, opened.headers()) > maxHeaders) {
            return false;
        }
        if (contentLength >= 0) {
            opened.headers().set(Names.CONTENT_LENGTH, Long.toString(contentLength));
        }
        return true;
    }

    private void copyResponseHeaders(HttpClientResponse answer) {
        response.setStatusCode(answer.statusCode());
        var to = response.headers();
        for (Map.Entry<String, String> header : answer.headers()) {
            if (!HeaderRules.stopsResponse(header.getKey())) {
                to.add(header.getKey(), header.getValue());
            }
        }
        if (!to.contains(Names.CACHE_CONTROL)) {
            to.set(Names.CACHE_CONTROL, NO_STORE);
        }
        security.api(to);
        exchange.describe(to);
    }

    private boolean reads() {
        return request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD;
    }

    private boolean bodiless(HttpClientResponse answer) {
        return request.method() == HttpMethod.HEAD || answer.statusCode() == 304 || answer.statusCode() == 204;
    }

    private boolean bodyRead() {
        return !hasBody() || whole != null || request.isEnded();
    }

    private boolean hasBody() {
        return contentLength > 0 || chunked;
    }
}
