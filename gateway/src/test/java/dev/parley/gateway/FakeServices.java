package dev.parley.gateway;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands in for the five services: one server that echoes what it was sent and does what the query asks (status, delay,
 * stream, cut), and auth-service's exchange with callers that a test grants.
 */
public final class FakeServices implements QuarkusTestResourceLifecycleManager {
    private static final Map<String, JsonObject> CALLERS = new ConcurrentHashMap<>();
    private static final Map<String, AtomicInteger> EXCHANGES = new ConcurrentHashMap<>();
    private static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();
    private static volatile boolean authDown;
    private static final Map<String, Runnable> HELD = new ConcurrentHashMap<>();
    private static volatile long authDelay;
    private static volatile Promise<Void> authHeld;
    private static volatile ServerSocket late;
    private static volatile ServerSocket upgrading;

    private Vertx vertx;

    /** Makes a credential known; the tenant of the answer is the one asked for, or this. */
    public static void grant(String credential, String tenantId, String subject, String credentialId) {
        CALLERS.put(
                credential,
                new JsonObject()
                        .put("tenant_id", tenantId)
                        .put("subject", subject)
                        .put("credential_id", credentialId)
                        .put("expires_in", 300));
    }

    /** Gives a known credential a limit of its own. */
    public static void limit(String credential, int requestsPerMinute) {
        CALLERS.get(credential).put("rate_limit", requestsPerMinute);
    }

    /** Gives the contexts of a known credential so many seconds to live. */
    public static void lives(String credential, int seconds) {
        CALLERS.get(credential).put("expires_in", seconds);
    }

    /** Makes the exchange refuse this credential with 403. */
    public static void suspend(String credential) {
        CALLERS.put(credential, new JsonObject().put("suspended", true));
    }

    /** Makes the credential unknown: 401. */
    public static void revoke(String credential) {
        CALLERS.remove(credential);
    }

    /** How often the exchange was asked about this credential. */
    public static int exchanges(String credential) {
        return EXCHANGES.getOrDefault(credential, new AtomicInteger()).get();
    }

    /** While true, auth-service hangs up on every exchange. */
    public static void authDown(boolean down) {
        authDown = down;
    }

    /** Milliseconds before each exchange is answered with what was true when it was asked. */
    public static void authDelay(long millis) {
        authDelay = millis;
    }

    /** Sends the second and last event of a stream that waits for it. */
    public static void goOn(String marker) {
        HELD.remove(marker).run();
    }

    /** Has auth-service keep what it says of credentials back from now on; running what this returns lets it out. */
    public static Runnable holdAuth() {
        Promise<Void> held = Promise.promise();
        authHeld = held;
        return FakeServices::letAuthGo;
    }

    /** Lets out what auth-service keeps back, if it does. */
    public static void letAuthGo() {
        Promise<Void> held = authHeld;
        authHeld = null;
        if (held != null) {
            held.tryComplete();
        }
    }

    /** A service, with a route that hangs up, whose connections are open when the test accepts them. */
    public static ServerSocket late() {
        return late;
    }

    /** A service with a route for WebSockets, whose part the test plays. */
    public static ServerSocket upgrading() {
        return upgrading;
    }

    /** Whether a request with this marker has reached a service. */
    public static boolean reached(String marker) {
        return SEEN.stream().anyMatch(uri -> uri.contains(marker));
    }

    @Override
    public Map<String, String> start() {
        vertx = Vertx.vertx();
        int port = await(vertx.createHttpServer()
                        .requestHandler(this::handle)
                        .webSocketHandler(this::listen)
                        .listen(0, "127.0.0.1"))
                .actualPort();
        int silent = await(vertx.createNetServer().connectHandler(socket -> {}).listen(0, "127.0.0.1"))
                .actualPort();
        try {
            late = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
            upgrading = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        String url = "http://127.0.0.1:" + port;
        Map<String, String> config = new TreeMap<>();
        config.put("PARLEY_SERVICE_SECRET", "gateway-secret");
        config.put("PARLEY_AUTH_URL", url);
        config.put("PARLEY_AGENT_URL", url);
        config.put("PARLEY_CHANNEL_URL", url);
        // Nobody listens here.
        config.put("PARLEY_POLICY_URL", "http://127.0.0.1:1");
        // Connects and never answers.
        config.put("PARLEY_BILLING_URL", "http://127.0.0.1:" + silent);
        config.put("gateway.route.rules.plans.timeout", "700MS");
        config.put("gateway.route.rules.agents.stream-idle", "1S");
        config.put("gateway.route.rules.identity.timeout", "30S");
        config.put("gateway.route.rules.agents.timeout", "30S");
        config.put("gateway.route.services.late", "http://127.0.0.1:" + late.getLocalPort());
        config.put("gateway.route.rules.late.paths", "/api/v1/late");
        config.put("gateway.route.rules.late.service", "late");
        config.put("gateway.route.rules.late.hang-up", "true");
        config.put("gateway.route.rules.late.upgrade", "true");
        config.put("gateway.route.services.upgrading", "http://127.0.0.1:" + upgrading.getLocalPort());
        config.put("gateway.route.rules.upgrading.paths", "/api/v1/upgrading");
        config.put("gateway.route.rules.upgrading.service", "upgrading");
        config.put("gateway.route.rules.upgrading.upgrade", "true");
        // A connection that is not accepted at first is asked for again after 1, 3, 7, 15 and 31 seconds.
        config.put("gateway.route.connect-timeout", "60S");
        config.put("gateway.route.body-timeout", "1S");
        config.put("gateway.session.exchange-timeout", "30S");
        config.put("gateway.limit.open-per-tenant", "100");
        config.put("gateway.limit.login.burst", "5");
        config.put("gateway.limit.login.rate", "1");
        config.put("PARLEY_CORS_ORIGINS", "https://partner.example.com");
        config.put("quarkus.http.test-port", "0");
        return config;
    }

    @Override
    public void stop() {
        try {
            late.close();
            upgrading.close();
        } catch (IOException unimportant) {
            // It ends with the process.
        }
        if (vertx != null) {
            await(vertx.close());
        }
    }

    private void handle(HttpServerRequest request) {
        if (request.path().equals("/internal/context-exchanges")) {
            request.body().onSuccess(body -> exchange(request.response(), body.toJsonObject()));
        } else if (request.path().equals("/q/openapi")) {
            request.response().end(openApi().encode());
        } else {
            SEEN.add(request.uri());
            serve(request);
        }
    }

    /** Echoes texts with the credentials that came; {@code slow} takes its time for the handshake. */
    private void listen(ServerWebSocket socket) {
        SEEN.add(socket.uri());
        if (socket.uri().contains("slow")) {
            Promise<Integer> handshake = Promise.promise();
            vertx.setTimer(500, timer -> handshake.complete(101));
            socket.setHandshake(handshake.future());
        }
        socket.textMessageHandler(text -> socket.writeTextMessage(text + "|"
                + socket.headers().get("authorization") + "|" + socket.headers().get("cookie")));
    }

    private void exchange(HttpServerResponse response, JsonObject question) {
        String credential = question.getString("credential");
        EXCHANGES.computeIfAbsent(credential, c -> new AtomicInteger()).incrementAndGet();
        if (authDown) {
            response.reset();
            return;
        }
        JsonObject caller = CALLERS.get(credential);
        Runnable answer = () -> {
            if (!"gateway-secret".equals(question.getString("secret")) || caller == null) {
                response.setStatusCode(401).end();
            } else if (caller.containsKey("suspended")) {
                response.setStatusCode(403)
                        .end(new JsonObject()
                                .put("code", "TENANT_SUSPENDED")
                                .put("title", "Tenant suspended")
                                .put("detail", "unpaid")
                                .encode());
            } else {
                String tenant = question.getString("tenant_id", caller.getString("tenant_id"));
                response.end(caller.copy()
                        .put("tenant_id", tenant)
                        .put("token", "context-of-" + caller.getString("subject") + "-in-" + tenant)
                        .encode());
            }
        };
        Promise<Void> held = authHeld;
        if (held != null) {
            held.future().onSuccess(letOut -> answer.run());
        } else if (authDelay > 0) {
            vertx.setTimer(authDelay, timer -> answer.run());
        } else {
            answer.run();
        }
    }

    private void serve(HttpServerRequest request) {
        var response = request.response();
        String act = request.getParam("act") == null ? "echo" : request.getParam("act");
        switch (act) {
            case "status" ->
                request.body().onSuccess(body -> response.setStatusCode(Integer.parseInt(request.getParam("status")))
                        .putHeader("set-cookie", "a=b")
                        .putHeader("server", "leak/1.0")
                        .putHeader("x-powered-by", "leak")
                        .end("{\"status\":1}"));
            case "held" -> {
                var loop = Vertx.currentContext();
                HELD.put(request.getParam("marker"), () -> loop.runOnContext(now -> response.end("data: two\n\n")));
                response.setChunked(true).putHeader("content-type", "text/event-stream");
                response.write("data: one\n\n");
            }
            case "stall" -> {
                response.setChunked(true).putHeader("content-type", "text/event-stream");
                response.write("data: one\n\n");
            }
            case "cut" -> {
                response.putHeader("content-length", "100000").write("x".repeat(1000));
                vertx.setTimer(100, timer -> request.connection().close());
            }
            case "large" -> response.setChunked(true).end("y".repeat(3_000_000));
            case "hangup-once" -> {
                if (SEEN.stream().filter(request.uri()::equals).count() == 1) {
                    request.connection().close();
                } else {
                    request.body().onSuccess(body -> echo(request, body.length(), body.toString()));
                }
            }
            case "slow" -> {
                long timer = vertx.setTimer(Long.parseLong(request.getParam("millis", "1000")), fired -> {
                    SEEN.add("completed " + request.uri());
                    response.end("{}");
                });
                request.connection().closeHandler(closed -> {
                    if (vertx.cancelTimer(timer)) {
                        SEEN.add("cancelled " + request.uri());
                    }
                });
            }
            default -> request.body().onSuccess(body -> echo(request, body.length(), body.toString()));
        }
    }

    private void echo(HttpServerRequest request, int length, String body) {
        var headers = new JsonObject();
        request.headers()
                .names()
                .forEach(name -> headers.put(
                        name.toLowerCase(java.util.Locale.ROOT),
                        String.join("|", request.headers().getAll(name))));
        request.response()
                .putHeader("content-type", "application/json")
                .end(new JsonObject()
                        .put("method", request.method().name())
                        .put("uri", request.uri())
                        .put("headers", headers)
                        .put("length", length)
                        .put("body", length > 1000 ? "" : body)
                        .encode());
    }

    private static JsonObject openApi() {
        var operation = new JsonObject()
                .put("security", new JsonArray().add(new JsonObject().put("internal-jwt", new JsonArray())))
                .put("responses", new JsonObject());
        return new JsonObject()
                .put("openapi", "3.1.0")
                .put(
                        "paths",
                        new JsonObject()
                                .put("/api/v1/agents", new JsonObject().put("get", operation))
                                .put("/api/v1/members/{id}", new JsonObject().put("delete", operation))
                                .put("/internal/decisions", new JsonObject().put("post", operation)));
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
