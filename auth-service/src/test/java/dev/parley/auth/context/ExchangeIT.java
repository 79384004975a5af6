package dev.parley.auth.context;

import static dev.parley.auth.Story.counter;
import static dev.parley.auth.Story.exchange;
import static dev.parley.auth.Story.keycloak;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.auth.AuthTestResource;
import dev.parley.auth.Story;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(AuthTestResource.class)
class ExchangeIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static ObjectNode claims(Story.Person person) throws Exception {
        return (ObjectNode)
                JSON.readTree(Base64.getUrlDecoder().decode(person.accessToken().split("\\.")[1]));
    }

    private static String signed(ObjectNode header, ObjectNode claims) {
        ObjectNode body = JSON.createObjectNode();
        body.set("header", header);
        body.set("claims", claims);
        return keycloak("sign", body).path("token").asText();
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theContextIsSignedAndSaysWhoAndForWhichTenant() throws Exception {
        Story.Person person = Story.newcomer();

        String token = exchange("bearer", person.accessToken(), null)
                .then()
                .statusCode(200)
                .body("expires_in", equalTo(300))
                .body("tenant_id", equalTo(person.tenantId()))
                .body("subject", equalTo(person.userId()))
                .body("credential_id", startsWith("session:"))
                .extract()
                .path("token");

        JsonWebKeySet keys = new JsonWebKeySet(
                given().get("/internal/jwks").then().statusCode(200).extract().asString());
        assertThat(keys.getJsonWebKeys()).hasSize(1);
        JsonWebKey key = keys.getJsonWebKeys().getFirst();
        assertThat(key.toParams(JsonWebKey.OutputControlLevel.INCLUDE_PRIVATE)).doesNotContainKey("d");
        JwtClaims context = new JwtConsumerBuilder()
                .setVerificationKey((PublicKey) key.getKey())
                .setExpectedType(true, "parley-context+jwt")
                .setExpectedIssuer("parley-auth")
                .setExpectedAudience("channel-service")
                .build()
                .processToClaims(token);
        assertThat(context.getSubject()).isEqualTo(person.userId());
        assertThat(context.getStringClaimValue("tenant_id")).isEqualTo(person.tenantId());
        assertThat(context.getStringClaimValue("auth_provider")).isEqualTo("password");
        assertThat(context.getStringListClaimValue("roles")).containsExactlyInAnyOrder("owner", "admin", "member");
        assertThat(context.getStringListClaimValue("scopes")).containsExactlyInAnyOrder("chat", "read", "write");
        assertThat(context.getExpirationTime().getValue()
                        - context.getIssuedAt().getValue())
                .isEqualTo(300);
    }

    @Test
    void aContextEndsNoLaterThanItsCredential() throws Exception {
        ObjectNode claims = claims(Story.newcomer());
        claims.put("exp", Instant.now().getEpochSecond() + 60);

        exchange("bearer", signed(null, claims), null)
                .then()
                .statusCode(200)
                .body("expires_in", lessThanOrEqualTo(60))
                .body("expires_in", greaterThan(50));
    }

    @Test
    void forgedTokensAreRefusedWithoutAReason() throws Exception {
        Story.Person person = Story.newcomer();
        exchange("bearer", signed(null, claims(person)), null).then().statusCode(200);

        Map<String, String> forged = new LinkedHashMap<>();
        changed(forged, person, "another issuer", claims -> claims.put("iss", "http://evil.test/realms/parley"));
        changed(
                forged,
                person,
                "another realm",
                claims -> claims.put("iss", claims.get("iss").asText() + "2"));
        changed(forged, person, "no issuer", claims -> claims.remove("iss"));
        changed(forged, person, "another audience", claims -> claims.put("aud", "account"));
        changed(forged, person, "no audience", claims -> claims.remove("aud"));
        changed(forged, person, "another party", claims -> claims.put("azp", "parley-auth-service"));
        changed(forged, person, "no party", claims -> claims.remove("azp"));
        changed(
                forged,
                person,
                "expired",
                claims -> claims.put("exp", Instant.now().getEpochSecond() - 31));
        changed(forged, person, "expiry as text", claims -> claims.put("exp", "9999999999"));
        changed(forged, person, "no expiry", claims -> claims.remove("exp"));
        changed(
                forged,
                person,
                "not yet",
                claims -> claims.put("nbf", Instant.now().getEpochSecond() + 90));
        changed(
                forged,
                person,
                "issued in the future",
                claims -> claims.put("iat", Instant.now().getEpochSecond() + 90));
        changed(forged, person, "ID token", claims -> claims.put("typ", "ID"));
        changed(forged, person, "refresh token type", claims -> claims.put("typ", "Refresh"));
        changed(forged, person, "no type", claims -> claims.remove("typ"));
        changed(forged, person, "subject is no id", claims -> claims.put("sub", "admin' or '1'='1"));
        changed(forged, person, "no subject", claims -> claims.remove("sub"));
        header(forged, person, "no key id", "kid", null);
        header(forged, person, "a path as key id", "kid", "../../etc/passwd");
        header(forged, person, "type of a logout token", "typ", "logout+jwt");
        header(forged, person, "type of a context", "typ", "parley-context+jwt");
        header(forged, person, "a jku", "jku", "http://evil.test/keys");
        header(forged, person, "an x5u", "x5u", "http://evil.test/cert");
        header(forged, person, "a critical member", "crit", List.of("b64"));
        forged.put("the real refresh token", person.refreshToken());
        String payload = person.accessToken().split("\\.")[1];
        for (String none : List.of("none", "None", "nOnE", "NONE")) {
            String header = encoded("{\"alg\":\"" + none + "\",\"typ\":\"JWT\",\"kid\":\"realm-key\"}");
            forged.put(none + " without signature", header + "." + payload + ".");
            forged.put(none + " with signature", header + "." + payload + ".AAAA");
        }
        forged.put("HS256 with the public key", hmac(person, payload));
        forged.put(
                "payload changed",
                person.accessToken()
                        .replace(
                                payload,
                                encoded(claims(person)
                                        .put("sub", UUID.randomUUID().toString())
                                        .toString())));
        forged.put(
                "signature cut",
                person.accessToken().substring(0, person.accessToken().length() - 8));
        forged.put("empty signature", person.accessToken().replaceAll("[^.]+$", ""));
        forged.put("encrypted", encoded("{\"alg\":\"dir\",\"enc\":\"A128GCM\",\"zip\":\"DEF\"}") + "..AAAA.AAAA.AAAA");
        forged.put("a megabyte", person.accessToken() + "A".repeat(60_000));
        forged.put("nothing", "");
        forged.put("words", "not a token");
        forged.put(
                "our own context",
                exchange("bearer", person.accessToken(), null).path("token"));

        forged.forEach((name, token) -> assertThat(exchange("bearer", token, null))
                .as(name)
                .satisfies(answer -> {
                    assertThat(answer.statusCode()).as(name).isEqualTo(401);
                    assertThat(answer.<Object>path("detail")).as(name).isNull();
                }));
        assertThat(forged).hasSizeGreaterThan(38);
    }

    private static void changed(
            Map<String, String> forged, Story.Person person, String name, Consumer<ObjectNode> change)
            throws Exception {
        ObjectNode claims = claims(person);
        change.accept(claims);
        forged.put(name, signed(null, claims));
    }

    private static void header(
            Map<String, String> forged, Story.Person person, String name, String member, Object value)
            throws Exception {
        ObjectNode header = JSON.createObjectNode();
        header.set(member, JSON.valueToTree(value));
        forged.put(name, signed(header, claims(person)));
    }

    /** The classic confusion: the public key's bytes as the secret of a symmetric algorithm. */
    private static String hmac(Story.Person person, String payload) throws Exception {
        String url = ConfigProvider.getConfig().getValue("auth.keycloak.url", String.class);
        String keys = given().get(url + "/realms/parley/protocol/openid-connect/certs")
                .asString();
        PublicKey key =
                (PublicKey) new JsonWebKeySet(keys).getJsonWebKeys().getFirst().getKey();
        String signed = encoded("{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"realm-key\"}") + "." + payload;
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getEncoded(), "HmacSHA256"));
        return signed + "."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void unknownKeyIdsDoNotHammerKeycloak() throws Exception {
        Story.Person person = Story.newcomer();
        Story.exchange("bearer", person.accessToken(), null).then().statusCode(200);
        int before = counter("certs");

        List<Integer> statuses = new ArrayList<>();
        Instant began = Instant.now();
        for (int i = 0; i < 300; i++) {
            String header = encoded("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"" + UUID.randomUUID() + "\"}");
            String token =
                    header + person.accessToken().substring(person.accessToken().indexOf('.'));
            statuses.add(exchange("bearer", token, null).statusCode());
        }

        assertThat(statuses).containsOnly(401);
        int coolDowns = (int) Duration.between(began, Instant.now()).toSeconds() / 10;
        assertThat(counter("certs") - before).isLessThanOrEqualTo(1 + coolDowns);
    }

    @Test
    void onlyTheGatewayMayExchangeAndOnlyWithItsSecret() {
        Story.Person person = Story.newcomer();
        for (Map<String, String> asker : List.of(
                Map.of("service", "gateway", "secret", "wrong"),
                Map.of("service", "policy-service", "secret", "policy-secret"),
                Map.of("service", "nobody", "secret", "gateway-secret"))) {
            Map<String, String> body = new LinkedHashMap<>(asker);
            body.put("kind", "bearer");
            body.put("credential", person.accessToken());
            given().contentType(ContentType.JSON)
                    .body(body)
                    .post("/internal/context-exchanges")
                    .then()
                    .statusCode(401);
        }
    }

    @Test
    void aServiceGetsAContextForOneTenant() {
        UUID tenant = UUID.randomUUID();

        given().contentType(ContentType.JSON)
                .body(Map.of(
                        "service",
                        "policy-service",
                        "secret",
                        "policy-secret",
                        "tenant_id",
                        tenant,
                        "audience",
                        "agent-service"))
                .post("/internal/service-contexts")
                .then()
                .statusCode(200)
                .body("expires_in", equalTo(300));
        given().contentType(ContentType.JSON)
                .body(Map.of(
                        "service",
                        "policy-service",
                        "secret",
                        "wrong",
                        "tenant_id",
                        tenant,
                        "audience",
                        "agent-service"))
                .post("/internal/service-contexts")
                .then()
                .statusCode(401);
    }

    @Test
    void aTenantOfSomebodyElseIs403() {
        Story.Person one = Story.newcomer();
        Story.Person other = Story.newcomer();

        exchange("bearer", one.accessToken(), other.tenantId())
                .then()
                .statusCode(403)
                .body("code", equalTo("FORBIDDEN"));
        exchange("bearer", one.accessToken(), "not-a-tenant").then().statusCode(403);
        exchange("bearer", one.accessToken(), one.tenantId()).then().statusCode(200);
    }

    @Test
    void platformStaffNeedsNoTenant() {
        Story.Person staff = Story.staff();

        exchange("bearer", staff.accessToken(), null).then().statusCode(200).body("tenant_id", equalTo(null));
        Story.as(staff)
                .get("/api/v1/me")
                .then()
                .statusCode(200)
                .body("platform_admin", equalTo(true))
                .body("role", equalTo(null))
                .body("email", equalTo(staff.email()));
        Story.as(staff).get("/api/v1/tenant").then().statusCode(403).body("code", equalTo("NO_TENANT"));
    }

    @Test
    void withoutAContextThereIsNothingToSee() {
        given().get("/api/v1/me").then().statusCode(401).header("WWW-Authenticate", "Bearer");
        given().header("Authorization", "Bearer " + Story.newcomer().accessToken())
                .get("/api/v1/me")
                .then()
                .statusCode(401);
    }
}
