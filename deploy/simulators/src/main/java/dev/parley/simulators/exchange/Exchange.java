package dev.parley.simulators.exchange;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/** One request with its body, and the way to answer it. Lives on the event loop. */
public final class Exchange {

    private static final int CLIENT_WENT_AWAY = 499;

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final String path;
    private final byte[] body;
    private final Endpoint endpoint;
    private final Provider provider;
    private final Counters counters;
    private final LoggedRequest logged;
    private final Fault fault;

    Exchange(
            Vertx vertx,
            HttpServerRequest request,
            String path,
            byte[] body,
            Endpoint endpoint,
            Provider provider,
            Counters counters,
            LoggedRequest logged,
            Fault fault) {
        this.vertx = vertx;
        this.request = request;
        this.path = path;
        this.body = body;
        this.endpoint = endpoint;
        this.provider = provider;
        this.counters = counters;
        this.logged = logged;
        this.fault = fault;
    }

    /** The same exchange seen by an endpoint that knows the path by another name. */
    public Exchange at(String otherPath) {
        return new Exchange(vertx, request, otherPath, body, endpoint, provider, counters, logged, fault);
    }

    /** GET, POST, and so on. */
    public String method() {
        return request.method().name();
    }

    /** The path below the endpoint's mount, with its leading slash. */
    public String path() {
        return path;
    }

    /** The raw query, or null. */
    public String query() {
        return request.query();
    }

    /** One query parameter, decoded, or null. */
    public String queryParameter(String name) {
        return request.getParam(name);
    }

    /** One request header, or null. */
    public String header(String name) {
        return request.getHeader(name);
    }

    /** The body's bytes, empty without one; not to be changed. */
    public byte[] body() {
        return body;
    }

    /** The body as text. */
    public String bodyText() {
        return new String(body, java.nio.charset.StandardCharsets.UTF_8);
    }

    /** The injected fault, or null; endpoints look at it only for what concerns the inside of their answers. */
    public Fault fault() {
        return fault;
    }

    /** Runs later on the event loop. */
    public void after(long millis, Runnable task) {
        vertx.setTimer(millis, timer -> task.run());
    }

    /** Sends the whole answer, or what an injected fault makes of it. */
    public void answer(Reply reply) {
        if (fault != null && fault.isAfterEffect()) {
            if (fault.delayMillis() > 0) {
                after(fault.delayMillis(), () -> answerWithFault(reply));
            } else {
                answerWithFault(reply);
            }
        } else if (fault != null) {
            sendDamaged(reply);
        } else {
            send(reply, reply.body());
        }
    }

    private void answerWithFault(Reply reply) {
        if (fault.replacesAnswer()) {
            fail();
        } else {
            sendDamaged(reply);
        }
    }

    private void sendDamaged(Reply reply) {
        Buffer whole = reply.body();
        if (fault.isMalformed()) {
            send(reply, whole.slice(0, whole.length() / 2));
        } else if (fault.cutAfterTokens() >= 0) {
            request.response().putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(whole.length()));
            begin(reply.status(), reply.headers())
                    .write(whole.slice(0, whole.length() / 2))
                    .onComplete(written -> request.connection().close());
        } else {
            send(reply, whole);
        }
    }

    /** Applies the fault instead of answering. */
    void fail() {
        if (fault.hangs()) {
            counters.add(provider.label() + ".hung", 1);
        } else if (fault.resets()) {
            counters.add(provider.label() + ".reset", 1);
            request.connection().close();
        } else {
            Reply problem = endpoint.problem(this, fault);
            if (fault.retryAfter() != null) {
                problem = problem.with("retry-after", fault.retryAfter().toString());
            }
            send(problem, fault.isMalformed() ? Buffer.buffer("{\"error\": {") : problem.body());
        }
    }

    private void send(Reply reply, Buffer content) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            note(CLIENT_WENT_AWAY);
            return;
        }
        begin(reply.status(), reply.headers());
        response.end(content);
    }

    /**
     * Starts an answer whose body the caller writes bit by bit.
     *
     * @param headers names and values in turn
     */
    public HttpServerResponse begin(int status, List<CharSequence> headers) {
        note(status);
        HttpServerResponse response = request.response().setStatusCode(status);
        for (int i = 0; i < headers.size(); i += 2) {
            response.putHeader(headers.get(i), headers.get(i + 1));
        }
        return response;
    }

    /** Closes the connection, whatever was sent. */
    public void hangUp() {
        request.connection().close();
    }

    /** Notes that the client left before its answer was whole. */
    public void clientWentAway() {
        note(CLIENT_WENT_AWAY);
    }

    private void note(int status) {
        if (provider != null) {
            counters.add(provider.label() + ".status." + status, 1);
        }
        if (logged != null) {
            logged.answered(status);
        }
    }
}
