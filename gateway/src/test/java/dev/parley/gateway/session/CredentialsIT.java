package dev.parley.gateway.session;

import static dev.parley.gateway.Client.eventually;
import static dev.parley.gateway.Client.get;
import static dev.parley.gateway.Client.json;
import static dev.parley.gateway.Client.post;
import static dev.parley.gateway.Client.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.gateway.Client;
import dev.parley.gateway.FakeServices;
import dev.parley.gateway.Keys;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(FakeServices.class)
class CredentialsIT {
    private static final String ME = "/api/v1/me";

    private final String tenant = UUID.randomUUID().toString();

    @Inject
    Revocations revocations;

    @Inject
    Sessions sessions;

    @BeforeEach
    void revocationsArrive() {
        revocations.arriving(true);
    }

    @AfterEach
    void authIsWell() {
        FakeServices.authDown(false);
        FakeServices.authDelay(0);
        FakeServices.letAuthGo();
    }

    @Test
    void withoutCredentialIs401WithoutReason() {
        HttpResponse<String> response = get(ME);

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("www-authenticate")).contains("Bearer");
        assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
        var problem = json(response);
        assertThat(problem.get("type").asText()).isEqualTo("https://parley.dev/problems/unauthenticated");
        assertThat(problem.get("code").asText()).isEqualTo("UNAUTHENTICATED");
        assertThat(problem.get("status").asInt()).isEqualTo(401);
        assertThat(problem.get("operation_id").asText())
                .isEqualTo(response.headers().firstValue("x-operation-id").orElseThrow());
        assertThat(problem.size()).isEqualTo(6);
    }

    @Test
    void everyBadCredentialGetsTheSameAnswer() {
        String valid = Keys.apiKey();
        String mistyped = valid.substring(0, 45) + (valid.charAt(45) == 'a' ? 'b' : 'a');
        String unknown = Keys.apiKey();

        var answers = List.of(
                get(ME),
                get(ME, "X-API-Key", mistyped),
                get(ME, "X-API-Key", unknown),
                get(ME, "Authorization", "Bearer " + unknown),
                get(ME, "Authorization", "Bearer " + Keys.jwt("s", 1)),
                get(ME, "Authorization", "Bearer not-a-token"),
                get(ME, "Authorization", "Basic dTpw"),
                get(ME, "Authorization", "Bearer " + valid, "X-API-Key", valid),
                get(ME, "Cookie", "parley_session=" + Keys.session()));

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("www-authenticate")).contains("Bearer");
        });
        assertThat(answers.stream().map(answer -> answer.body().replaceAll("\"operation_id\":\"[^\"]+\"", "")))
                .containsOnly(answers.getFirst().body().replaceAll("\"operation_id\":\"[^\"]+\"", ""));
        assertThat(FakeServices.exchanges(mistyped)).isZero();
        assertThat(FakeServices.exchanges(unknown))
                .as("a refusal is remembered")
                .isEqualTo(1);
    }

    @Test
    void theThreeCredentialsAreEqual() {
        String key = Keys.apiKey();
        String bearer = Keys.jwt("s1", Instant.now().getEpochSecond() + 300);
        String session = Keys.session();
        FakeServices.grant(key, tenant, "k1", "api-key:k1");
        FakeServices.grant(bearer, tenant, "u1", "user:u1");
        FakeServices.grant(session, tenant, "u1", "session:s1");

        assertThat(authorizationSeen(get(ME, "X-API-Key", key))).isEqualTo("Bearer context-of-k1-in-" + tenant);
        assertThat(authorizationSeen(get(ME, "Authorization", "Bearer " + key)))
                .isEqualTo("Bearer context-of-k1-in-" + tenant);
        assertThat(authorizationSeen(get(ME, "Authorization", "bearer " + bearer)))
                .isEqualTo("Bearer context-of-u1-in-" + tenant);
        assertThat(authorizationSeen(get(ME, "Cookie", "x=1; parley_session=" + session + "; y=2")))
                .isEqualTo("Bearer context-of-u1-in-" + tenant);
    }

    @Test
    void manyRequestsAtOnceAskOnce() {
        String key = Keys.apiKey();
        FakeServices.grant(key, tenant, "k2", "api-key:k2");
        FakeServices.authDelay(300);

        var requests = IntStream.range(0, 40)
                .mapToObj(i -> Client.http()
                        .sendAsync(Client.request("GET", ME, null, "X-API-Key", key), BodyHandlers.ofString()))
                .toList();
        CompletableFuture.allOf(requests.toArray(CompletableFuture[]::new)).join();

        assertThat(requests)
                .allSatisfy(request -> assertThat(request.join().statusCode()).isEqualTo(200));
        assertThat(get(ME, "X-API-Key", key).statusCode()).isEqualTo(200);
        assertThat(FakeServices.exchanges(key)).isEqualTo(1);
    }

    @Test
    void selectedTenantsAreKeptApart() {
        String key = Keys.apiKey();
        String other = UUID.randomUUID().toString();
        FakeServices.grant(key, tenant, "k3", "api-key:k3");

        assertThat(authorizationSeen(get(ME, "X-API-Key", key))).endsWith(tenant);
        assertThat(authorizationSeen(get(ME, "X-API-Key", key, "X-Tenant-ID", other)))
                .endsWith(other);
        assertThat(authorizationSeen(get(ME, "X-API-Key", key))).endsWith(tenant);
        assertThat(FakeServices.exchanges(key)).isEqualTo(2);
    }

    @Test
    void tenantIdThatIsNoUuidIs400() {
        String key = Keys.apiKey();
        FakeServices.grant(key, tenant, "k4", "api-key:k4");

        var response = get(ME, "X-API-Key", key, "X-Tenant-ID", "acme");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).get("code").asText()).isEqualTo("INVALID_TENANT_ID");
    }

    @Test
    void suspendedTenantIs403WithItsCode() {
        String key = Keys.apiKey();
        FakeServices.suspend(key);

        var response = get(ME, "X-API-Key", key);

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(json(response).get("code").asText()).isEqualTo("TENANT_SUSPENDED");
        assertThat(json(response).get("type").asText()).isEqualTo("https://parley.dev/problems/tenant-suspended");
        assertThat(json(response).get("detail").asText()).isEqualTo("unpaid");
    }

    @Test
    void eventsEndCachedContexts() {
        String key = Keys.apiKey();
        String bearer = Keys.jwt("sid-9", Instant.now().getEpochSecond() + 300);
        String session = Keys.session();
        String member = Keys.jwt("sid-8", Instant.now().getEpochSecond() + 300);
        String suspended = Keys.apiKey();
        String staff = Keys.jwt("sid-staff", Instant.now().getEpochSecond() + 300);
        String bystander = Keys.apiKey();
        FakeServices.grant(key, tenant, "k5", "api-key:k5");
        FakeServices.grant(bearer, tenant, "u5", "user:u5");
        FakeServices.grant(session, tenant, "u6", "session:s6");
        FakeServices.grant(member, tenant, "u7", "user:u7");
        FakeServices.grant(suspended, UUID.randomUUID().toString(), "k6", "api-key:k6");
        FakeServices.grant(staff, tenant, "u8", "session:sid-staff");
        FakeServices.grant(bystander, tenant, "k7", "api-key:k7");
        String suspendedTenant = tenantSeen(suspended);
        for (String granted : List.of(key, bystander)) {
            assertThat(get(ME, "X-API-Key", granted).statusCode()).isEqualTo(200);
        }
        assertThat(get(ME, "Authorization", "Bearer " + bearer).statusCode()).isEqualTo(200);
        assertThat(get(ME, "Authorization", "Bearer " + member).statusCode()).isEqualTo(200);
        assertThat(get(ME, "Cookie", "parley_session=" + session).statusCode()).isEqualTo(200);
        assertThat(get(ME, "Authorization", "Bearer " + staff).statusCode()).isEqualTo(200);

        List.of(key, bearer, session, member, staff, bystander).forEach(FakeServices::revoke);
        FakeServices.suspend(suspended);
        receive("auth.api-key-revoked.v1", "k5");
        receive("auth.session-ended.v1", "sid-9");
        receive("auth.session-ended.v1", "s6");
        receive("auth.member-removed.v1", "u7");
        receive("auth.break-glass-changed.v1", "u8");
        receive("auth.tenant-suspended.v1", suspendedTenant);

        assertThat(get(ME, "X-API-Key", key).statusCode()).isEqualTo(401);
        assertThat(get(ME, "Authorization", "Bearer " + bearer).statusCode()).isEqualTo(401);
        assertThat(get(ME, "Cookie", "parley_session=" + session).statusCode()).isEqualTo(401);
        assertThat(get(ME, "Authorization", "Bearer " + member).statusCode()).isEqualTo(401);
        assertThat(get(ME, "Authorization", "Bearer " + staff).statusCode()).isEqualTo(401);
        assertThat(get(ME, "X-API-Key", suspended).statusCode()).isEqualTo(403);
        assertThat(get(ME, "X-API-Key", bystander).statusCode())
                .as("nobody else is asked about again")
                .isEqualTo(200);
    }

    @Test
    void anAnswerOlderThanARevocationIsNotBelieved() throws Exception {
        String key = Keys.apiKey();
        FakeServices.grant(key, tenant, "k15", "api-key:k15");
        Runnable letOut = FakeServices.holdAuth();
        var waiting =
                Client.http().sendAsync(Client.request("GET", ME, null, "X-API-Key", key), BodyHandlers.ofString());
        eventually(() -> FakeServices.exchanges(key) == 1);

        FakeServices.revoke(key);
        receive("auth.api-key-revoked.v1", "k15");
        letOut.run();

        assertThat(waiting.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(401);
        assertThat(FakeServices.exchanges(key)).isEqualTo(2);
    }

    @Test
    void afterAGapEveryContextIsAskedAboutAgain() {
        String key = Keys.apiKey();
        String ended = Keys.apiKey();
        FakeServices.grant(key, tenant, "k16", "api-key:k16");
        FakeServices.grant(ended, tenant, "k17", "api-key:k17");
        for (String known : List.of(key, ended)) {
            assertThat(get(ME, "X-API-Key", known).statusCode()).isEqualTo(200);
        }

        FakeServices.revoke(ended);
        revocations.missed();

        assertThat(get(ME, "X-API-Key", key).statusCode()).isEqualTo(200);
        assertThat(FakeServices.exchanges(key)).isEqualTo(2);
        assertThat(get(ME, "X-API-Key", ended).statusCode()).isEqualTo(401);
    }

    @Test
    void openWebSocketEndsWithItsKey() throws Exception {
        String key = Keys.apiKey();
        FakeServices.grant(key, tenant, "k14", "api-key:k14");
        var closed = webSocket("", "X-API-Key", key);

        receive("auth.api-key-revoked.v1", "another");
        Thread.sleep(200);
        assertThat(closed).isNotDone();
        receive("auth.api-key-revoked.v1", "k14");

        assertThat(closed.get(10, TimeUnit.SECONDS)).isEqualTo(1008);
    }

    @Test
    void webSocketOfAKeyThatIsRevokedDuringTheHandshakeEnds() throws Exception {
        String key = Keys.apiKey();
        String marker = "slow" + UUID.randomUUID();
        FakeServices.grant(key, tenant, "k18", "api-key:k18");
        var closed = CompletableFuture.supplyAsync(() -> webSocket("?" + marker, "X-API-Key", key))
                .thenCompose(opened -> opened);
        eventually(() -> FakeServices.reached(marker));

        FakeServices.revoke(key);
        receive("auth.api-key-revoked.v1", "k18");

        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(1008);
    }

    @Test
    void whoIsToldOfARevocationFindsNobodyAdmittedByIt() {
        String key = Keys.apiKey();
        FakeServices.grant(key, tenant, "k23", "api-key:k23");
        assertThat(get(ME, "X-API-Key", key).statusCode()).isEqualTo(200);
        FakeServices.revoke(key);
        var here = Thread.currentThread();
        var answers = new ArrayList<Integer>();
        sessions.onRevocation(revoked -> {
            if (Thread.currentThread() == here && answers.isEmpty()) {
                answers.add(get(ME, "X-API-Key", key).statusCode());
            }
        });

        receive("auth.api-key-revoked.v1", "k23");

        assertThat(answers).containsExactly(401);
    }

    @Test
    void webSocketEndsWithItsToken() throws Exception {
        long ends = Instant.now().getEpochSecond() + 3;
        String bearer = Keys.jwt("s", ends);
        FakeServices.grant(bearer, tenant, "u13", "user:u13");

        var closed = webSocket("", "Authorization", "Bearer " + bearer);
        var closedAt = closed.thenApply(status -> Instant.now());

        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(1008);
        assertThat(closedAt.join()).isAfterOrEqualTo(Instant.ofEpochSecond(ends));
    }

    @Test
    void webSocketOutlivesItsContextAsLongAsItsKeyIsGood() throws Exception {
        String key = Keys.apiKey();
        FakeServices.grant(key, tenant, "k19", "api-key:k19");
        FakeServices.lives(key, 1);
        var closed = webSocket("", "X-API-Key", key);

        Thread.sleep(2_500);
        assertThat(closed).isNotDone();
        FakeServices.revoke(key);

        assertThat(closed.get(10, TimeUnit.SECONDS)).as("no event told of it").isEqualTo(1008);
    }

    @Test
    void webSocketThatNobodyCanConfirmEnds() throws Exception {
        String key = Keys.apiKey();
        FakeServices.grant(key, tenant, "k20", "api-key:k20");
        FakeServices.lives(key, 1);
        var closed = webSocket("", "X-API-Key", key);

        FakeServices.authDown(true);

        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(1013);
    }

    @Test
    void afterAGapWebSocketsAreConfirmed() throws Exception {
        String key = Keys.apiKey();
        String ended = Keys.apiKey();
        FakeServices.grant(key, tenant, "k21", "api-key:k21");
        FakeServices.grant(ended, tenant, "k22", "api-key:k22");
        var open = webSocket("", "X-API-Key", key);
        var closed = webSocket("", "X-API-Key", ended);

        FakeServices.revoke(ended);
        revocations.missed();

        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(1008);
        assertThat(open).isNotDone();
    }

    @Test
    void restoredTenantIsNotRefusedFromMemory() {
        String key = Keys.apiKey();
        FakeServices.suspend(key);
        assertThat(get(ME, "X-API-Key", key).statusCode()).isEqualTo(403);

        FakeServices.grant(key, tenant, "k8", "api-key:k8");
        receive("auth.tenant-restored.v1", tenant);

        assertThat(get(ME, "X-API-Key", key).statusCode()).isEqualTo(200);
    }

    @Test
    void authDownKeepsKnownCallersAndTurnsOthersAway() {
        String known = Keys.apiKey();
        String other = Keys.apiKey();
        FakeServices.grant(known, tenant, "k9", "api-key:k9");
        FakeServices.grant(other, tenant, "k10", "api-key:k10");
        assertThat(get(ME, "X-API-Key", known).statusCode()).isEqualTo(200);

        FakeServices.authDown(true);

        assertThat(get(ME, "X-API-Key", known).statusCode()).isEqualTo(200);
        var refused = get(ME, "X-API-Key", other);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("retry-after")).contains("1");
        FakeServices.authDown(false);
        assertThat(get(ME, "X-API-Key", other).statusCode())
                .as("an outage is not remembered")
                .isEqualTo(200);
    }

    @Test
    void whenNobodyCanConfirmACallerItReadsButChangesNothing() throws Exception {
        String key = Keys.apiKey();
        FakeServices.grant(key, tenant, "k12", "api-key:k12");
        assertThat(get(ME, "X-API-Key", key).statusCode()).isEqualTo(200);
        revocations.arriving(false);
        FakeServices.authDown(true);
        Thread.sleep(2_100);

        assertThat(get(ME, "X-API-Key", key).statusCode()).isEqualTo(200);
        var refused = post(ME, "{}", "X-API-Key", key);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("retry-after")).contains("1");
        assertThat(send("DELETE", ME, "", "X-API-Key", key).statusCode()).isEqualTo(503);

        revocations.arriving(true);
        assertThat(post(ME, "{}", "X-API-Key", key).statusCode())
                .as("events vouch for it again")
                .isEqualTo(200);
    }

    @Test
    void aKeysOwnLimitHoldsForThatKey() {
        String limited = Keys.apiKey();
        String other = Keys.apiKey();
        FakeServices.grant(limited, tenant, "k13", "api-key:k13");
        FakeServices.limit(limited, 2);
        FakeServices.grant(other, tenant, "k14", "api-key:k14");

        assertThat(get(ME, "X-API-Key", limited).headers().firstValue("ratelimit-policy"))
                .contains("\"key\";q=2;w=60");
        assertThat(get(ME, "X-API-Key", limited).statusCode()).isEqualTo(200);
        var refused = get(ME, "X-API-Key", limited);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(refused.headers().firstValue("retry-after").orElseThrow()))
                .isBetween(1, 30);
        assertThat(get(ME, "X-API-Key", other).statusCode()).isEqualTo(200);
    }

    @Test
    void whileEventsDoNotArriveOldContextsAreConfirmed() throws Exception {
        String key = Keys.apiKey();
        FakeServices.grant(key, tenant, "k11", "api-key:k11");
        assertThat(get(ME, "X-API-Key", key).statusCode()).isEqualTo(200);

        revocations.arriving(false);
        FakeServices.revoke(key);
        Thread.sleep(2100);

        assertThat(get(ME, "X-API-Key", key).statusCode()).isEqualTo(401);
    }

    @Test
    void contextEndsWithItsToken() throws Exception {
        String bearer = Keys.jwt("s", Instant.now().getEpochSecond() + 7);
        FakeServices.grant(bearer, tenant, "u12", "user:u12");
        assertThat(get(ME, "Authorization", "Bearer " + bearer).statusCode()).isEqualTo(200);

        FakeServices.revoke(bearer);
        Thread.sleep(2500);

        assertThat(get(ME, "Authorization", "Bearer " + bearer).statusCode()).isEqualTo(401);
    }

    @Test
    void cookieMayReadFromAnywhere() {
        String cookie = sessionCookie();

        assertThat(get(ME, "Cookie", cookie, "Origin", "https://evil.example").statusCode())
                .isEqualTo(200);
    }

    @Test
    void cookieMayWriteFromTheSameOriginWithTheHeader() {
        String cookie = sessionCookie();

        var response = post(ME, "{}", "Cookie", cookie, "Origin", Client.origin(), "X-Parley-CSRF", "1");
        var withoutOrigin = post(ME, "{}", "Cookie", cookie, "Sec-Fetch-Site", "same-origin", "X-Parley-CSRF", "1");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(withoutOrigin.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin=SAME",
                "X-Parley-CSRF=1",
                "Origin=https://evil.example;X-Parley-CSRF=1",
                "Origin=null;X-Parley-CSRF=1",
                "Origin=https://partner.example.com;X-Parley-CSRF=1",
                "Origin=SAME;Sec-Fetch-Site=cross-site;X-Parley-CSRF=1",
                "Sec-Fetch-Site=same-site;X-Parley-CSRF=1",
                "Origin=SAME;X-Parley-CSRF=true"
            })
    void cookieMayNotWriteForAnotherSite(String headers) {
        String cookie = sessionCookie();
        String marker = "m" + UUID.randomUUID();
        var all = new java.util.ArrayList<>(List.of("Cookie", cookie, "Content-Type", "application/json"));
        for (String header : headers.replace("SAME", Client.origin()).split(";")) {
            all.addAll(List.of(header.split("=", 2)));
        }

        for (String method : List.of("POST", "PUT", "PATCH", "DELETE")) {
            var response = send(method, ME + "?" + marker, "{}", all.toArray(String[]::new));

            assertThat(response.statusCode()).as(method).isEqualTo(403);
            assertThat(json(response).get("code").asText()).isEqualTo("CSRF_REJECTED");
        }
        assertThat(FakeServices.reached(marker)).isFalse();
    }

    @Test
    void logoutByAnotherSiteIsRefused() {
        String cookie = sessionCookie();

        assertThat(send("POST", "/auth/logout", null, "Cookie", cookie, "Origin", "https://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(send("POST", "/auth/logout", null, "Cookie", cookie, "Origin", Client.origin(), "X-Parley-CSRF", "1")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void headerCredentialsNeedNoCsrfHeader() {
        String key = Keys.apiKey();
        FakeServices.grant(key, tenant, "k13", "api-key:k13");

        assertThat(post(ME, "{}", "X-API-Key", key, "Origin", "https://evil.example")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void publicPathNeedsNoCredentialButRefusesABadOne() {
        assertThat(get("/api/v1/plans").statusCode())
                .as("billing does not answer in this test; the request got that far")
                .isEqualTo(503);
        assertThat(get("/api/v1/plans", "X-API-Key", Keys.apiKey()).statusCode())
                .isEqualTo(401);
    }

    /** Opens a WebSocket and returns the code by which it will have been closed. */
    private static CompletableFuture<Integer> webSocket(String query, String header, String value) {
        var closed = new CompletableFuture<Integer>();
        Client.http()
                .newWebSocketBuilder()
                .header(header, value)
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + Client.port() + "/api/v1/stream" + query),
                        new WebSocket.Listener() {
                            @Override
                            public void onError(WebSocket webSocket, Throwable error) {
                                closed.completeExceptionally(error);
                            }

                            @Override
                            public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
                                closed.complete(code);
                                return null;
                            }
                        })
                .join();
        return closed;
    }

    private String sessionCookie() {
        String session = Keys.session();
        FakeServices.grant(session, tenant, "u", "session:" + session);
        return "parley_session=" + session;
    }

    private static String tenantSeen(String key) {
        String authorization = authorizationSeen(get(ME, "X-API-Key", key));
        return authorization.substring(authorization.indexOf("-in-") + 4);
    }

    private static String authorizationSeen(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        return json(response).at("/headers/authorization").asText();
    }

    private void receive(String type, String subject) {
        revocations.receive(type, subject);
    }
}
