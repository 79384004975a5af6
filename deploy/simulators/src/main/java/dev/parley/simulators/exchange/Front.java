package dev.parley.simulators.exchange;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Takes every request: finds the endpoint by its prefix, reads the body, logs, counts, and applies faults. */
public final class Front implements Handler<HttpServerRequest> {

    private static final long LINGER_MILLIS = 5_000;

    private record Mount(String prefix, Provider provider, Endpoint endpoint) {}

    private final Vertx vertx;
    private final RequestLog log;
    private final Counters counters;
    private final Faults faults;
    private final List<Mount> mounts = new ArrayList<>();

    /** A front without endpoints. */
    public Front(Vertx vertx, RequestLog log, Counters counters, Faults faults) {
        this.vertx = vertx;
        this.log = log;
        this.counters = counters;
        this.faults = faults;
    }

    /**
     * Serves everything under a prefix by an endpoint; earlier mounts win.
     *
     * @param provider whose log, counters and faults apply, or null for none of them
     */
    public Front mount(String prefix, Provider provider, Endpoint endpoint) {
        mounts.add(new Mount(prefix, provider, endpoint));
        return this;
    }

    @Override
    public void handle(HttpServerRequest request) {
        String path = request.path();
        for (Mount mount : mounts) {
            if (path != null && path.startsWith(mount.prefix())) {
                read(mount, request, path.substring(mount.prefix().length()));
                return;
            }
        }
        request.response()
                .setStatusCode(404)
                .putHeader("content-type", "application/json")
                .end(new JsonObject()
                        .put(
                                "error",
                                "Nothing is served here. Try /_control/health, /llm/v1, /stripe/v1, /razorpay/v1, /telegram.")
                        .toBuffer());
    }

    private void read(Mount mount, HttpServerRequest request, String path) {
        String announced = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (announced != null && (announced.length() > 9 || Integer.parseInt(announced) > Body.MOST)) {
            refuse(request);
            return;
        }
        Body body = new Body(announced == null ? -1 : Integer.parseInt(announced));
        request.handler(part -> {
            if (!body.add(part)) {
                refuse(request);
            }
        });
        request.endHandler(end -> admit(mount, request, path, body.whole()));
    }

    /** Answers at once, and lets the client finish sending: many read the answer only then. */
    private void refuse(HttpServerRequest request) {
        long hangUp =
                vertx.setTimer(LINGER_MILLIS, timer -> request.connection().close());
        request.handler(ignored -> {});
        request.endHandler(end -> vertx.cancelTimer(hangUp));
        request.response().setStatusCode(413).end();
    }

    private void admit(Mount mount, HttpServerRequest request, String path, byte[] body) {
        Provider provider = mount.provider();
        Endpoint endpoint = mount.endpoint();
        LoggedRequest logged = null;
        Fault fault = null;
        if (provider != null) {
            counters.add(provider.label() + ".requests", 1);
            logged = log.add(provider, request.path(), request, body);
            if (endpoint.takesFaults(path)) {
                fault = faults.take(provider, request.path(), request.query(), body);
            }
        }
        Exchange exchange = new Exchange(vertx, request, path, body, endpoint, provider, counters, logged, fault);
        if (fault == null) {
            serve(endpoint, exchange);
            return;
        }
        counters.add(provider.label() + ".faults", 1);
        if (logged != null) {
            logged.faulted(fault);
        }
        if (fault.delayMillis() > 0 && !fault.isAfterEffect()) {
            Fault applied = fault;
            exchange.after(fault.delayMillis(), () -> run(endpoint, exchange, applied));
        } else {
            run(endpoint, exchange, fault);
        }
    }

    private static void run(Endpoint endpoint, Exchange exchange, Fault fault) {
        if (fault.replacesAnswer() && !fault.isAfterEffect()) {
            exchange.fail();
        } else {
            serve(endpoint, exchange);
        }
    }

    private static void serve(Endpoint endpoint, Exchange exchange) {
        try {
            endpoint.handle(exchange);
        } catch (RuntimeException bug) {
            System.getLogger(Front.class.getName()).log(System.Logger.Level.ERROR, "The simulator failed", bug);
            Fault failure = new Fault(new JsonObject().put("status", 500).put("message", "Simulator failed: " + bug));
            exchange.answer(endpoint.problem(exchange, failure));
        }
    }
}
