package dev.parley.gateway.route;

import static dev.parley.gateway.Client.eventually;
import static dev.parley.gateway.Client.get;
import static dev.parley.gateway.Client.json;
import static dev.parley.gateway.Client.post;
import static dev.parley.gateway.Client.raw;
import static dev.parley.gateway.Client.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.gateway.Client;
import dev.parley.gateway.FakeServices;
import dev.parley.gateway.Keys;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(FakeServices.class)
class ForwardingIT {
    private static final String AGENTS = "/api/v1/agents";
    private static final int MIB = 1 << 20;

    private final String key = Keys.apiKey();
    private final String tenant = UUID.randomUUID().toString();

    @Inject
    RouteConfig routes;

    @ConfigProperty(name = "quarkus.http.limits.max-connections")
    int clients;

    /** The only open request at the end is the one that asks. */
    @AfterAll
    static void everyRequestHasEnded() throws Exception {
        eventually(ForwardingIT::onlyThisIsOpen);
    }

    private static boolean onlyThisIsOpen() {
        return get("/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("gateway_request_open"))
                .toList()
                .equals(List.of("gateway_request_open 1.0"));
    }

    @BeforeEach
    void caller() {
        FakeServices.grant(key, tenant, "k", "api-key:" + key.hashCode());
    }

    @Test
    void requestArrivesAsSentWithTheGatewaysOwnHeaders() {
        var response = send(
                "PATCH",
                AGENTS + "/a%20b?x=1&y=%C3%A4",
                "{\"a\":1}",
                "X-API-Key",
                key,
                "Content-Type",
                "application/json; charset=UTF-8",
                "Idempotency-Key",
                "key-1",
                "Accept",
                "text/event-stream",
                "X-Access-Reason",
                "ticket 7");

        assertThat(response.statusCode()).isEqualTo(200);
        var seen = json(response);
        assertThat(seen.get("method").asText()).isEqualTo("PATCH");
        assertThat(seen.get("uri").asText()).isEqualTo(AGENTS + "/a%20b?x=1&y=%C3%A4");
        assertThat(seen.get("body").asText()).isEqualTo("{\"a\":1}");
        var headers = seen.get("headers");
        assertThat(headers.get("idempotency-key").asText()).isEqualTo("key-1");
        assertThat(headers.get("accept").asText()).isEqualTo("text/event-stream");
        assertThat(headers.get("x-access-reason").asText()).isEqualTo("ticket 7");
        assertThat(headers.get("x-forwarded-for").asText()).isEqualTo("127.0.0.1");
        assertThat(headers.get("traceparent").asText()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
        String operation = headers.get("x-operation-id").asText();
        assertThat(UUID.fromString(operation).version()).isEqualTo(7);
        assertThat(response.headers().allValues("x-operation-id")).containsExactly(operation);
        assertThat(response.headers().allValues("x-request-id")).containsExactly(operation);
    }

    @Test
    void whatOnlyTheGatewayMaySayIsTakenFromTheClient() throws Exception {
        String answer = raw(
                "GET " + AGENTS + " HTTP/1.1\r\nHost: h\r\nX-API-Key: " + key + "\r\n"
                        + "X-Operation-Id: 1\r\nX-Request-Id: 2\r\nX-Forwarded-For: 9.9.9.9\r\nX-FORWARDED-HOST: evil\r\n"
                        + "X-Forwarded-Proto: https\r\nForwarded: for=9.9.9.9\r\nX-Real-IP: 9.9.9.9\r\nCookie: other=1\r\n"
                        + "X-Parley-Tenant: t\r\nX-HTTP-Method-Override: DELETE\r\nce_tenantid: t\r\nbaggage: a=b\r\n"
                        + "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\ntracestate: a=b\r\n"
                        + "Proxy-Authorization: x\r\nTE: trailers\r\nX-Mine: dropped\r\nConnection: close\r\nConnection: X-Mine\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200");
        var headers = json(answer.substring(answer.indexOf("\r\n\r\n") + 4)).get("headers");
        assertThat(headers.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("host", "authorization", "x-operation-id", "x-forwarded-for", "traceparent");
        assertThat(headers.get("x-forwarded-for").asText()).isEqualTo("127.0.0.1");
        assertThat(headers.get("authorization").asText()).isEqualTo("Bearer context-of-k-in-" + tenant);
        assertThat(headers.get("traceparent").asText()).doesNotContain("0af7651916cd43dd8448eb211c80319c");
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 302, 400, 402, 405, 409, 422, 500})
    void answersOfServicesPassUnchanged(int status) {
        var response = post(AGENTS + "?act=status&status=" + status, "{}", "X-API-Key", key);

        assertThat(response.statusCode()).isEqualTo(status);
        if (status != 204) {
            assertThat(response.body()).isEqualTo("{\"status\":1}");
        }
        assertThat(response.headers().firstValue("server")).isEmpty();
        assertThat(response.headers().firstValue("x-powered-by")).isEmpty();
        assertThat(response.headers().firstValue("set-cookie")).contains("a=b");
        assertThat(response.headers().firstValue("x-content-type-options")).contains("nosniff");
        assertThat(response.headers().firstValue("cache-control")).contains("no-store");
    }

    @Test
    void onlyTheBrowserLoginSeesCookies() {
        var response = get("/auth/callback?code=1", "Cookie", "parley_login=abc");

        assertThat(json(response).at("/headers/cookie").asText()).isEqualTo("parley_login=abc");
        assertThat(json(response).at("/headers/authorization").isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/internal/context-exchanges",
                "/internal/jwks",
                "/api/v2/agents",
                "/api/v1",
                "/api/v1/agentsx",
                "/v1/embeddings",
                "/q/openapi",
                "/q/dev",
                "/webhooks",
                "/webjars/swagger-ui/5.30.2/index.html",
                "/favicon.ico"
            })
    void whatIsNotRoutedIs404(String path) {
        var response = get(path, "X-API-Key", key);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(json(response).get("code").asText()).isEqualTo("NOT_FOUND");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/agents/../../../internal/jwks",
                "/api/v1/agents/%2e%2e/%2e%2e/internal/jwks",
                "/api/v1/agents/%2E%2E/x",
                "/api/v1/agents/..%2f..%2finternal",
                "/api/v1/agents/./x",
                "/api/v1//agents",
                "/api/v1/agents/a%00b",
                "/api/v1/agents/%5c",
                "/api/v1/agents/%c3%28",
                "/api/v1/agents/%252e",
                "http://h/api/v1/agents"
            })
    void ambiguousPathIs400(String path) throws Exception {
        String answer =
                raw("GET " + path + " HTTP/1.1\r\nHost: h\r\nX-API-Key: " + key + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("\"code\":\"INVALID_REQUEST\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/agents/a\\b", "/api/v1/agents/%zz", "/api/v1/agents/<"})
    void whatIsNoUriIsRefusedByTheParser(String target) throws Exception {
        String answer =
                raw("GET " + target + " HTTP/1.1\r\nHost: h\r\nX-API-Key: " + key + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400");
    }

    @Test
    void unknownMethodIs405() throws Exception {
        assertThat(raw("TRACE " + AGENTS + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405");
        assertThat(raw("BREW " + AGENTS + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405");
    }

    @Test
    void longAddressIs414AndMuchHeader431() throws Exception {
        assertThat(get(AGENTS + "?q=" + "a".repeat(8200), "X-API-Key", key).statusCode())
                .isEqualTo(414);
        assertThat(get(AGENTS, "X-API-Key", key, "X-Big", "a".repeat(17_000)).statusCode())
                .isEqualTo(431);
        assertThat(raw("GET / HTTP/1.1\r\nHost: h\r\nX-Big: " + "a".repeat(80_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431");
        assertThat(raw("GET / NONSENSE\r\n\r\n")).contains(" 400 Bad Request");
    }

    @Test
    void bodyOfOneMebibytePassesAndOneByteMoreIs413() {
        assertThat(json(post(AGENTS, "a".repeat(MIB), "X-API-Key", key))
                        .get("length")
                        .asInt())
                .isEqualTo(MIB);

        var response = post(AGENTS, "a".repeat(MIB + 1), "X-API-Key", key);

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(json(response).get("code").asText()).isEqualTo("PAYLOAD_TOO_LARGE");
        assertThat(post(AGENTS, "a".repeat(2 * MIB), "X-API-Key", key).statusCode())
                .isEqualTo(413);
    }

    @Test
    void chunkedBodyIsCountedWhileItStreams() throws Exception {
        assertThat(chunked(15)).startsWith("HTTP/1.1 200").contains("\"length\":" + 15 * 64 * 1024);
        assertThat(chunked(17)).startsWith("HTTP/1.1 413").contains("\"code\":\"PAYLOAD_TOO_LARGE\"");
        assertThat(chunked(100)).startsWith("HTTP/1.1 413");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "none,415",
                "text/plain,415",
                "application/x-www-form-urlencoded,415",
                "multipart/form-data;boundary=x,415",
                "application/jsonp,415",
                "application/json; charset=utf-16,415",
                "application/json,200",
                "Application/JSON; charset=\"UTF-8\",200",
                "application/merge-patch+json,200"
            })
    void bodiesMustBeJson(String type, int status) {
        String[] headers =
                type == null ? new String[] {"X-API-Key", key} : new String[] {"X-API-Key", key, "Content-Type", type};

        for (String method : new String[] {"POST", "PUT", "PATCH"}) {
            assertThat(send(method, AGENTS, "{}", headers).statusCode()).isEqualTo(status);
        }
    }

    @Test
    void compressedBodyIs415() {
        assertThat(post(AGENTS, "{}", "X-API-Key", key, "Content-Encoding", "gzip")
                        .statusCode())
                .isEqualTo(415);
    }

    @Test
    void emptyPostNeedsNoType() {
        assertThat(send("POST", AGENTS + "/1/activation", null, "X-API-Key", key)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void webhooksMayBeAnything() {
        var response = send("POST", "/webhooks/telegram/1", "a=b", "Content-Type", "application/x-www-form-urlencoded");

        assertThat(json(response).get("body").asText()).isEqualTo("a=b");
    }

    @Test
    void serviceThatIsDownIs503WithinSeconds() {
        long start = System.nanoTime();
        var response = get("/api/v1/credits", "X-API-Key", key);

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("retry-after")).contains("1");
        assertThat(json(response).get("code").asText()).isEqualTo("UNAVAILABLE");
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
    }

    @Test
    void serviceThatHangsIs503AfterTheRoutesTime() {
        long start = System.nanoTime();
        var response = get("/api/v1/plans", "X-API-Key", key);

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(System.nanoTime() - start)
                .isBetween(TimeUnit.MILLISECONDS.toNanos(690), TimeUnit.SECONDS.toNanos(5));
    }

    @Test
    void eventsArriveAsTheyAreSent() throws Exception {
        String marker = UUID.randomUUID().toString();
        try (var body = Client.stream("/api/v1/webhook-endpoints?act=held&marker=" + marker, "X-API-Key", key)
                .body()) {
            assertThat(new String(body.readNBytes(11), StandardCharsets.UTF_8)).isEqualTo("data: one\n\n");
            FakeServices.goOn(marker);
            assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("data: two\n\n");
        }
    }

    @Test
    void silentStreamIsCutAndDoesNotLookComplete() throws Exception {
        try (var body = Client.stream(AGENTS + "?act=stall", "X-API-Key", key).body()) {
            assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
        }
    }

    @Test
    void cutAnswerDoesNotLookComplete() {
        assertThatThrownBy(() -> get(AGENTS + "?act=cut", "X-API-Key", key)).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void bodyThatDoesNotArriveIs408() throws Exception {
        String head = "POST " + AGENTS + " HTTP/1.1\r\nHost: h\r\nX-API-Key: " + key
                + "\r\nContent-Type: application/json\r\n";

        assertThat(raw(head + "Content-Length: 10\r\n\r\n{"))
                .startsWith("HTTP/1.1 408")
                .contains("\"code\":\"REQUEST_TIMEOUT\"");
        assertThat(raw(head + "Content-Length: 100000\r\n\r\n{")).startsWith("HTTP/1.1 408");
        assertThat(raw(head + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")).startsWith("HTTP/1.1 408");
    }

    @Test
    void lostConnectionIsTriedOnceMoreWhenThatIsSafe() {
        String url = AGENTS + "?act=hangup-once&";

        assertThat(get(url + UUID.randomUUID(), "X-API-Key", key).statusCode()).isEqualTo(200);
        var keyed = post(url + UUID.randomUUID(), "{\"a\":1}", "X-API-Key", key, "Idempotency-Key", "1");
        assertThat(keyed.statusCode()).isEqualTo(200);
        assertThat(json(keyed).get("body").asText()).isEqualTo("{\"a\":1}");
        assertThat(post(url + UUID.randomUUID(), "{}", "X-API-Key", key).statusCode())
                .isEqualTo(503);
    }

    @Test
    void workGoesOnWhenTheClientLeaves() throws Exception {
        String marker = "left" + UUID.randomUUID();
        try (var socket = sent("POST", AGENTS + "?act=slow&" + marker, "{}")) {
            eventually(() -> FakeServices.reached(marker));
        }

        eventually(() -> FakeServices.reached("completed " + AGENTS + "?act=slow&" + marker));
    }

    @Test
    void readingIsCancelledWhenTheClientLeaves() throws Exception {
        String marker = "left" + UUID.randomUUID();
        String path = AGENTS + "?act=slow&millis=60000&" + marker;
        try (var socket = sent("GET", path, "")) {
            eventually(() -> FakeServices.reached(marker));
        }

        eventually(() -> FakeServices.reached("cancelled " + path));
    }

    /** Where an answer is stored whoever waits for it, the service has to know that nobody reads it. */
    @Test
    void whoLeftBeforeAnAnswerToAMessageIsToldOf() throws Exception {
        String path = "/api/v1/conversations/" + UUID.randomUUID() + "/messages?act=slow&millis=60000&left"
                + UUID.randomUUID();
        try (var socket = sent("POST", path, "{}")) {
            eventually(() -> FakeServices.reached(path));
        }

        eventually(() -> FakeServices.reached("cancelled " + path));
    }

    /** Who leaves at once has still said it: the service gets the whole request, and then hears that they left. */
    @Test
    void whoLeavesBeforeTheServiceIsReachedDoesNotTakeTheMessageAlong() throws Exception {
        String body = "{\"text\":\"" + "a".repeat(40_000) + "\"}";
        List<Socket> queue = new ArrayList<>();
        try {
            Set<Integer> fillers = fillQueue(queue);
            try (var socket = sent("POST", "/api/v1/late", body)) {
                Thread.sleep(300);
            }
            Thread.sleep(200);
            assertThat(acceptUntilAPost(fillers)).endsWith("\r\n\r\n" + body);
        } finally {
            for (Socket socket : queue) {
                socket.close();
            }
        }
    }

    /**
     * Connects until the system takes no more: whoever comes then waits until somebody is accepted. Returns the ports of
     * those that came first.
     */
    private static Set<Integer> fillQueue(List<Socket> queue) throws IOException {
        Set<Integer> ports = new HashSet<>();
        while (true) {
            var socket = new Socket();
            queue.add(socket);
            try {
                socket.connect(FakeServices.late().getLocalSocketAddress(), 200);
                ports.add(socket.getLocalPort());
            } catch (SocketTimeoutException full) {
                return ports;
            }
        }
    }

    /** Takes what earlier tests have left in the queue. */
    private static void emptyQueue() throws IOException {
        FakeServices.late().setSoTimeout(100);
        while (true) {
            try {
                FakeServices.late().accept().close();
            } catch (SocketTimeoutException empty) {
                return;
            }
        }
    }

    /** What comes first on the connection that was made after the fillers: -1 when the gateway hangs up. */
    private static int firstByteBehind(Set<Integer> fillers) throws IOException {
        FakeServices.late().setSoTimeout(60_000);
        while (true) {
            try (Socket accepted = FakeServices.late().accept()) {
                if (!fillers.remove(accepted.getPort())) {
                    assertThat(fillers).isEmpty();
                    accepted.setSoTimeout(60_000);
                    return accepted.getInputStream().read();
                }
            }
        }
    }

    /** What the first connection that is no filler brought until the gateway hung up. */
    private static String acceptUntilAPost(Set<Integer> fillers) throws IOException {
        FakeServices.late().setSoTimeout(30_000);
        while (true) {
            try (Socket accepted = FakeServices.late().accept()) {
                accepted.setSoTimeout(30_000);
                if (fillers.contains(accepted.getPort())
                        || accepted.getInputStream().read() != 'P') {
                    continue;
                }
                return new String(accepted.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            }
        }
    }

    @Test
    void largeAnswerStreams() {
        assertThat(get(AGENTS + "?act=large", "X-API-Key", key).body()).hasSize(3_000_000);
    }

    @Test
    void headHasTheHeadersOfGetAndNoBody() {
        var response = send("HEAD", AGENTS, null, "X-API-Key", key);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void connectionSurvivesRefusedBodies() throws Exception {
        String refused = "POST /api/v1/me HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
                + "Content-Length: 2\r\n\r\n{}";
        String answer = raw(refused + refused.replace("Host: h", "Host: h\r\nConnection: close"));

        assertThat(answer.split("HTTP/1.1 401", -1)).hasSize(3);
    }

    @Test
    void openAiPathsAnswerInBothShapes() {
        var response = post("/v1/chat/completions", "{}");

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(json(response).get("code").asText()).isEqualTo("UNAUTHENTICATED");
        assertThat(json(response).at("/error/message").asText()).isEqualTo("Valid credentials are required.");
        assertThat(json(response).at("/error/type").asText()).isEqualTo("authentication_error");
        assertThat(json(response).at("/error/code").asText()).isEqualTo("unauthenticated");
        assertThat(json(response).at("/error/param").isNull()).isTrue();
        assertThat(json(get("/api/v1/me")).has("error")).isFalse();
    }

    @Test
    void webSocketPassesWithTheContextAndWithoutTheCookie() throws Exception {
        String session = Keys.session();
        FakeServices.grant(session, tenant, "u", "session:" + session);

        assertThat(webSocket("Cookie", "parley_session=" + session, "Origin", Client.origin()))
                .isEqualTo("hello|Bearer context-of-u-in-" + tenant + "|null");
        assertThat(webSocket("X-API-Key", key)).isEqualTo("hello|Bearer context-of-k-in-" + tenant + "|null");
    }

    @Test
    void webSocketOfAnotherSiteIsRefused() {
        String session = Keys.session();
        FakeServices.grant(session, tenant, "u", "session:" + session);
        String cookie = "parley_session=" + session;

        assertThat(webSocketStatus("Cookie", cookie, "Origin", "https://evil.example"))
                .isEqualTo(403);
        assertThat(webSocketStatus("Cookie", cookie)).isEqualTo(403);
        assertThat(webSocketStatus("X-API-Key", key, "Origin", "https://evil.example"))
                .isEqualTo(403);
        assertThat(webSocketStatus("Origin", Client.origin())).isEqualTo(401);
    }

    /** A service that upgrades for nobody would take it for a listener, and send its person nothing else. */
    @Test
    void aServiceThatUpgradesForAClientThatHasLeftIsHungUpOn() throws Exception {
        Socket service;
        try (var client = upgrade("/api/v1/upgrading")) {
            service = acceptUpgrade();
        }
        try (service) {
            eventually(ForwardingIT::onlyThisIsOpen);
            assertThat(seesItsEnd(service)).isTrue();
        }
    }

    @Test
    void aServiceThatUpgradesTooLateIsHungUpOn() throws Exception {
        try (var client = upgrade("/api/v1/upgrading");
                Socket service = acceptUpgrade()) {
            assertThat(answer(client)).isEqualTo("HTTP/1.1 503");
            assertThat(seesItsEnd(service)).isTrue();
        }
    }

    @Test
    void aServiceThatIsReachedTooLateIsAskedForNoUpgrade() throws Exception {
        emptyQueue();
        List<Socket> queue = new ArrayList<>();
        try {
            Set<Integer> fillers = fillQueue(queue);
            try (var client = upgrade("/api/v1/late")) {
                assertThat(answer(client)).isEqualTo("HTTP/1.1 503");
            }
            assertThat(firstByteBehind(fillers)).isEqualTo(-1);
        } finally {
            for (Socket socket : queue) {
                socket.close();
            }
        }
    }

    /** Asks for a WebSocket on a connection of its own. */
    private Socket upgrade(String target) throws IOException {
        var socket = new Socket("127.0.0.1", Client.port());
        socket.setSoTimeout(60_000);
        socket.getOutputStream()
                .write(("GET " + target + " HTTP/1.1\r\nHost: h\r\nX-API-Key: " + key
                                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String answer(Socket client) throws IOException {
        return new String(client.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    }

    /** The service's end of the upgrade that has just been asked for, of which the whole head was read. */
    private static Socket acceptUpgrade() throws IOException {
        FakeServices.upgrading().setSoTimeout(60_000);
        while (true) {
            Socket accepted = FakeServices.upgrading().accept();
            accepted.setSoTimeout(60_000);
            String head = head(accepted);
            if (head.startsWith("GET /api/v1/upgrading ")) {
                assertThat(head).containsIgnoringCase("\r\nupgrade: websocket\r\n");
                return accepted;
            }
            // The gateway asks every service for its documentation.
            accepted.close();
        }
    }

    /** Up to its end, or that of the connection. */
    private static String head(Socket accepted) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = accepted.getInputStream().read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** Upgrades, and says whether the gateway hangs up then, or has already. */
    private static boolean seesItsEnd(Socket service) throws IOException {
        try {
            service.getOutputStream()
                    .write(("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return service.getInputStream().read() == -1;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (SocketException closed) {
            return true;
        }
    }

    /** Streams and WebSockets keep connections to a service, which all tenants share: one tenant may not have them all. */
    @Test
    void tenantHasAHundredRequestsOpenAtMostAndOthersHaveTheirOwn() throws Exception {
        String neighbour = Keys.apiKey();
        FakeServices.grant(neighbour, UUID.randomUUID().toString(), "n", "api-key:" + neighbour.hashCode());
        List<Socket> streams = new ArrayList<>();
        WebSocket socket = openWebSocket(text -> {}, "X-API-Key", key);
        try {
            for (int i = 0; i < 99; i++) {
                streams.add(openStream("GET", ""));
            }

            var refused = get(AGENTS, "X-API-Key", key);
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
            assertThat(json(refused).get("violated_policies").toString()).isEqualTo("[\"open\"]");
            assertThat(webSocketStatus("X-API-Key", key)).isEqualTo(429);
            assertThat(get(AGENTS, "X-API-Key", neighbour).statusCode()).isEqualTo(200);

            socket.abort();
            eventually(() -> get(AGENTS, "X-API-Key", key).statusCode() == 200);
        } finally {
            for (Socket stream : streams) {
                stream.close();
            }
        }
        eventually(() -> webSocketStatus("X-API-Key", key) == 101);
    }

    /** An event loop may have all clients, and each of them a WebSocket. */
    @Test
    void everyClientFindsAConnectionToItsService() {
        assertThat(routes.connections()).isEqualTo(20_000);
        assertThat(clients).isEqualTo(20_000);
    }

    /** Else who hangs up at once could fill a service with work that nobody waits for. */
    @Test
    void workWhoseClientHasLeftStillCounts() throws Exception {
        for (int i = 0; i < 100; i++) {
            openStream("POST", "{}").close();
        }
        eventually(ForwardingIT::onlyThisIsOpen);

        assertThat(get(AGENTS, "X-API-Key", key).statusCode()).isEqualTo(429);
    }

    /** Asks for a stream that never ends by itself, and returns when it has begun. */
    private Socket openStream(String method, String body) throws IOException {
        Socket socket = sent(method, "/api/v1/webhook-endpoints?act=stall", body);
        assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                .isEqualTo("HTTP/1.1 200");
        return socket;
    }

    /** Sends a request on a connection of its own, on which the answer comes. */
    private Socket sent(String method, String target, String body) throws IOException {
        String content =
                body.isEmpty() ? "" : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n";
        var socket = new Socket("127.0.0.1", Client.port());
        socket.setSoTimeout(8000);
        socket.getOutputStream()
                .write((method + " " + target + " HTTP/1.1\r\nHost: h\r\nX-API-Key: " + key + "\r\n" + content + "\r\n"
                                + body)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private String chunked(int chunks) throws IOException {
        try (var socket = new Socket("127.0.0.1", Client.port())) {
            socket.setSoTimeout(8000);
            var out = socket.getOutputStream();
            out.write(("POST " + AGENTS + " HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nX-API-Key: " + key
                            + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] chunk = ("10000\r\n" + "z".repeat(64 * 1024) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < chunks; i++) {
                out.write(chunk);
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static String webSocket(String... headers) throws Exception {
        var received = new CompletableFuture<String>();
        WebSocket socket = openWebSocket(received::complete, headers);
        socket.sendText("hello", true);
        String text = received.get(5, TimeUnit.SECONDS);
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(5, TimeUnit.SECONDS);
        return text;
    }

    private static WebSocket openWebSocket(Consumer<String> received, String... headers) throws Exception {
        var builder = Client.http().newWebSocketBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        return builder.buildAsync(
                        URI.create("ws://127.0.0.1:" + Client.port() + "/api/v1/stream"), new WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
                                received.accept(data.toString());
                                return null;
                            }
                        })
                .get(5, TimeUnit.SECONDS);
    }

    private static int webSocketStatus(String... headers) {
        try {
            webSocket(headers);
            return 101;
        } catch (ExecutionException e) {
            return ((java.net.http.WebSocketHandshakeException) e.getCause())
                    .getResponse()
                    .statusCode();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
