package dev.parley.e2e.wall;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Customer;
import dev.parley.local.Part;
import dev.parley.testing.WallReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Tokens that are not what they seem, at each place that takes one: all are 401, and a second library agrees. */
@Order(73)
class ForgedTokensE2E {
    private static final Map<String, String> REPORT = new TreeMap<>();
    private static Customer customer;
    private static Issuer realm;
    private static Issuer authService;

    @BeforeAll
    static void signUp() {
        customer = Customer.signUp();
        realm = Issuers.realm(customer.api());
        authService = Issuers.authService(Inside.contextOf(customer.api()));
    }

    @AfterAll
    static void report() {
        List<String> lines = new ArrayList<>();
        lines.add(
                "Each is made with the issuer's true key unless the form says otherwise, and wrong in one thing. Nimbus refuses every forged form too and takes every genuine one; where we are stricter is our choice.");
        lines.add("");
        lines.add("| Where | forms, answers |");
        lines.add("|---|---|");
        REPORT.forEach((where, what) -> lines.add("| " + where + " | " + what + " |"));
        WallReport.section("Forged tokens", lines);
    }

    @Test
    void theGatewayTakesNoForgedAccessToken() throws Exception {
        judge("gateway, access tokens of Keycloak", realm, oracleOfTheRealm(), ForgedTokensE2E::atTheGateway);
    }

    @Test
    void theExchangeTakesNoForgedAccessToken() throws Exception {
        judge(
                "exchange of auth-service, access tokens of Keycloak",
                realm,
                oracleOfTheRealm(),
                token -> Inside.exchange("bearer", token));
    }

    @Test
    void aServiceTakesNoForgedContext() throws Exception {
        JsonNode audience = RealmKey.claims(authService.token()).path("aud");
        Oracle oracle = new Oracle(
                authService,
                RealmKey.header(authService.token()).path("typ").asText(),
                audience.isArray() ? audience.get(0).asText() : audience.asText(),
                new JWTClaimsSet.Builder().issuer("parley-auth").build());
        int before = looksAtTheKeys();

        judge("port of a service, tenant contexts", authService, oracle, ForgedTokensE2E::atAService);

        assertThat(looksAtTheKeys() - before).as("looks at auth-service's keys").isLessThanOrEqualTo(2);
    }

    @Test
    void aTokenOfOneKindIsNoTokenOfAnother() {
        String access = customer.api().token();
        String context = authService.token();
        String ofAService = Inside.contextOf("channel-service", customer.tenantId(), "policy-service");
        String key = customer.apiKey();
        Issuer master = new Issuer("RS256", RealmKey.read("master"), realm.publicKey(), realm.jwks(), access);
        Map<String, Answer> answers = new LinkedHashMap<>();
        answers.put("refresh token at the gateway", atTheGateway(customer.refreshToken()));
        answers.put("tenant context at the gateway", atTheGateway(context));
        answers.put("service's context at the gateway", atTheGateway(ofAService));
        answers.put("ID token at the gateway", atTheGateway(changed("typ", "ID")));
        answers.put("refresh token's type at the gateway", atTheGateway(changed("typ", "Refresh")));
        answers.put("token for another client", atTheGateway(changed("azp", "parley-auth-service")));
        answers.put("token for the admin console", atTheGateway(changed("azp", "security-admin-console")));
        answers.put("token signed by the realm master", atTheGateway(master.sign(realm.header(), realm.claims())));
        answers.put("access token at a service", atAService(access));
        answers.put("API key at a service", atAService(key));
        answers.put("refresh token at a service", atAService(customer.refreshToken()));
        answers.put(
                "access token as API key",
                Api.anonymous().with("X-API-Key", access).get("/api/v1/me"));
        answers.put(
                "API key with another checksum",
                Api.key(key.substring(0, key.length() - 1) + "_").get("/api/v1/me"));
        answers.put(
                "two credentials at once", customer.api().with("X-API-Key", key).get("/api/v1/me"));
        answers.put(
                "API key in the cookie",
                Api.anonymous().with("Cookie", "parley_session=" + key).get("/api/v1/me"));
        answers.put(
                "token in the cookie",
                Api.anonymous().with("Cookie", "parley_session=" + access).get("/api/v1/me"));
        answers.put(
                "invented session",
                Api.anonymous()
                        .with("Cookie", "parley_session=" + UUID.randomUUID())
                        .get("/api/v1/me"));
        answers.put("access token in the query", Api.anonymous().get("/api/v1/me?access_token=" + access));
        answers.put(
                "basic authentication",
                Api.anonymous().with("Authorization", "Basic " + key).get("/api/v1/me"));
        answers.put("no scheme", Api.anonymous().with("Authorization", access).get("/api/v1/me"));
        answers.put(
                "scheme without token",
                Api.anonymous().with("Authorization", "Bearer").get("/api/v1/me"));
        answers.put("context as session", Inside.exchange("session", context));
        answers.put("access token as API key at the exchange", Inside.exchange("api-key", access));

        answers.forEach((what, answer) -> assertThat(answer.status()).as(what).isEqualTo(401));
        REPORT.put("a token of another kind, or at another place", answers.size() + " forms, all 401");
    }

    @Test
    void aTokenOfAMegabyteIsRefused() {
        String large = realm.sign(
                realm.header(), realm.claims().replaceFirst("\\{", "{\"a\":\"" + "a".repeat(700_000) + "\","));

        assertThat(atTheGateway(large).status()).isIn(401, 431);
        assertThat(atAService(large).status()).isIn(401, 431);
        assertThat(Inside.exchange("bearer", large).status()).isIn(401, 413, 422);
    }

    /** Every forgery is 401 and the oracle refuses it too; every genuine form is taken by both. */
    private static void judge(String where, Issuer issuer, Oracle oracle, Function<String, Answer> shown) {
        Forgeries forgeries = new Forgeries(issuer);
        List<String> wrong = new ArrayList<>();
        forgeries.forged().forEach((form, token) -> {
            Answer answer = shown.apply(token);
            if (answer.status() != 401) {
                wrong.add(form + " is answered " + answer.status() + " " + answer.raw());
            }
            if (oracle.accepts(token)) {
                wrong.add(form + " would be taken by Nimbus");
            }
        });
        forgeries.stricter().forEach((form, token) -> {
            Answer answer = shown.apply(token);
            if (answer.status() != 401) {
                wrong.add(form + " is answered " + answer.status() + " " + answer.raw());
            }
        });
        forgeries.genuine().forEach((form, token) -> {
            if (shown.apply(token).status() != 200 || !oracle.accepts(token)) {
                wrong.add(form + " is genuine: we answer " + shown.apply(token).status() + ", Nimbus "
                        + oracle.accepts(token));
            }
        });

        assertThat(wrong).as(where).isEmpty();
        assertThat(forgeries.forged()).hasSizeGreaterThanOrEqualTo(60);
        REPORT.put(
                where,
                "%d forged and %d that only we refuse: all 401; %d genuine: all 200"
                        .formatted(
                                forgeries.forged().size(),
                                forgeries.stricter().size(),
                                forgeries.genuine().size()));
    }

    private static Oracle oracleOfTheRealm() throws Exception {
        return new Oracle(
                realm,
                "JWT",
                "parley",
                new JWTClaimsSet.Builder()
                        .issuer(RealmKey.claims(realm.token()).path("iss").asText())
                        .claim("typ", "Bearer")
                        .claim("azp", "parley-web")
                        .build());
    }

    private static String changed(String claim, String value) {
        var claims = (com.fasterxml.jackson.databind.node.ObjectNode) RealmKey.claims(realm.token());
        return realm.sign(realm.header(), claims.put(claim, value).toString());
    }

    private static Answer atTheGateway(String token) {
        return Api.bearer(token).get("/api/v1/me");
    }

    private static Answer atAService(String token) {
        return Inside.port(Part.CHANNEL_SERVICE)
                .with("Authorization", "Bearer " + token)
                .get("/api/v1/conversations");
    }

    private static int looksAtTheKeys() {
        return Inside.port(Part.AUTH_SERVICE)
                .get("/q/metrics")
                .raw()
                .lines()
                .filter(line ->
                        line.startsWith("http_server_requests_seconds_count") && line.contains("/internal/jwks"))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
