package dev.parley.gateway.http;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.parley.gateway.trace.TraceContext;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * One request on its way through the gateway: who sent it, under which ids it runs and what its answer must say.
 *
 * <p>Used on the event loop of the request only.
 */
public final class Exchange {
    private final HttpServerRequest request;
    private final String operationId = UuidCreator.getTimeOrderedEpochFast().toString();
    private final TraceContext trace;
    private final String clientAddress;
    private final long startedNanos = System.nanoTime();
    private String route = "none";
    private boolean openAi;
    private String tenantId;
    private String ratePolicy;
    private String rateState;
    private String corsOrigin;
    private Runnable clientLeft = () -> {};
    private Runnable over = () -> {};
    private boolean finished;

    /** A request that has just arrived. */
    public Exchange(HttpServerRequest request, TraceContext trace, String clientAddress) {
        this.request = request;
        this.trace = trace;
        this.clientAddress = clientAddress;
    }

    /** The request as the client sent it. */
    public HttpServerRequest request() {
        return request;
    }

    /** Where the answer is written to. */
    public HttpServerResponse response() {
        return request.response();
    }

    /** UUIDv7 under which all services log and record this request. */
    public String operationId() {
        return operationId;
    }

    /** The trace that starts or continues here. */
    public TraceContext trace() {
        return trace;
    }

    /** Address of the client, proxies that we trust already skipped. */
    public String clientAddress() {
        return clientAddress;
    }

    /** When the request arrived, on the clock of {@link System#nanoTime()}. */
    public long startedNanos() {
        return startedNanos;
    }

    /** Name of the route that serves the request; a word of a closed set, fit for metrics. */
    public String route() {
        return route;
    }

    /** Names the route, and says whether its errors must also have the OpenAI shape. */
    public void routedTo(String name, boolean openAiErrors) {
        this.route = name;
        this.openAi = openAiErrors;
    }

    /** Whether errors carry the {@code error} member that OpenAI clients read. */
    public boolean openAi() {
        return openAi;
    }

    /** Tenant of the caller; null while unknown or absent. */
    public String tenantId() {
        return tenantId;
    }

    /** Remembers the tenant for the log. */
    public void belongsTo(String tenant) {
        this.tenantId = tenant;
    }

    /** Values of RateLimit-Policy and RateLimit for the answer. */
    public void limitedBy(String policy, String state) {
        this.ratePolicy = policy;
        this.rateState = state;
    }

    /** Allows this origin to read the answer. */
    public void allowOrigin(String origin) {
        this.corsOrigin = origin;
    }

    /** Adds what every answer carries: ids, rate limit, CORS. Existing values are replaced. */
    public void describe(MultiMap headers) {
        headers.set(Names.X_OPERATION_ID, operationId);
        headers.set(Names.X_REQUEST_ID, operationId);
        if (ratePolicy != null) {
            headers.set(Names.RATE_LIMIT_POLICY, ratePolicy);
            headers.set(Names.RATE_LIMIT, rateState);
        }
        if (corsOrigin != null) {
            headers.set(Names.ACCESS_CONTROL_ALLOW_ORIGIN, corsOrigin);
            headers.set(Names.ACCESS_CONTROL_EXPOSE_HEADERS, Names.EXPOSED);
            headers.add(Names.VARY, Names.ORIGIN);
        }
    }

    /** What to do when the client hangs up before its answer is complete. */
    public void onClientLeft(Runnable action) {
        this.clientLeft = action;
    }

    /** The client has hung up. */
    public void clientLeft() {
        clientLeft.run();
    }

    /** What to do when the exchange is over, however it ended. */
    public void onOver(Runnable action) {
        this.over = action;
    }

    /** The exchange is over; needed where the HTTP server does not notice, as with an answer that was broken off. */
    public void over() {
        over.run();
    }

    /** True the first time only: the request is over and may be counted and logged. */
    public boolean finish() {
        boolean first = !finished;
        finished = true;
        return first;
    }
}
