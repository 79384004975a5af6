package dev.parley.simulators;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Google's own client judges this in e2e-tests; here raw HTTP, for what it cannot be made to do. */
class FcmTest {

    private static final World WORLD = new World();
    private static final String DEVICE = "device:abcdefghijklmnop";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private JsonObject file;

    @AfterAll
    static void close() {
        WORLD.close();
    }

    @BeforeEach
    void reset() {
        WORLD.reset();
        file = WORLD.control("POST", "/fcm/projects/shop-one/keys", "{}");
    }

    @Test
    void aSignedAssertionOpensItsProjectAndNoOther() {
        WORLD.control("POST", "/fcm/projects/shop-two/keys", "{}");
        String token = token();

        assertThat(send("shop-one", token, message(DEVICE)).statusCode()).isEqualTo(200);
        assertThat(send("shop-two", token, message(DEVICE)).statusCode()).isEqualTo(403);
        assertThat(send("shop-one", "ya29.guessed", message(DEVICE)).statusCode())
                .isEqualTo(401);
        WORLD.control("DELETE", "/fcm/tokens", null);
        assertThat(send("shop-one", token, message(DEVICE)).statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({"aud,https://evil.example", "scope,https://www.googleapis.com/auth/drive", "iss,nobody@example.com"})
    void anAssertionOfSomethingElseIsRefused(String claim, String value) {
        assertThat(ask(assertion(claims().put(claim, value))).getString("error"))
                .isEqualTo("invalid_grant");
    }

    @Test
    void anAssertionThatIsOverOrLongOrOfAnOlderKeyIsRefused() {
        long now = Instant.now().getEpochSecond();
        assertThat(ask(assertion(claims().put("exp", now - 300))).containsKey("error"))
                .isTrue();
        assertThat(ask(assertion(claims().put("exp", now + 7_200))).containsKey("error"))
                .isTrue();
        String older = assertion(claims());
        WORLD.control("POST", "/fcm/projects/shop-one/keys", "{}");
        assertThat(ask(older).getString("error_description")).isEqualTo("Invalid JWT Signature.");
    }

    @ParameterizedTest
    @CsvSource({
        "unregistered,404,UNREGISTERED",
        "elsewhere,403,SENDER_ID_MISMATCH",
        "no-apns-key,401,THIRD_PARTY_AUTH_ERROR"
    })
    void whatBecameOfADeviceIsTold(String state, int status, String code) {
        String device = DEVICE + "-" + state;
        WORLD.control("PUT", "/fcm/projects/shop-one/devices/" + device, "{\"state\":\"" + state + "\"}");

        HttpResponse<String> answer = send("shop-one", token(), message(device));

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains("\"errorCode\":\"" + code + "\"");
        assertThat(WORLD.control("GET", "/fcm/projects/shop-one/sent?token=" + device, null)
                        .getJsonArray("items"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"token\":\"device:abcdefghijklmnop\",\"topic\":\"x\"}|message",
                "{\"notification\":{}}|message",
                "{\"token\":\"device:abcdefghijklmnop\",\"data\":{\"n\":1}}|message.data[0].value",
                "{\"token\":\"device:abcdefghijklmnop\",\"colour\":\"red\"}|message.colour"
            })
    void whatIsNoMessageIsRefused(String message, String field) {
        HttpResponse<String> answer = send("shop-one", token(), new JsonObject(message));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
    }

    @Test
    void aMessageHas4096BytesAtMost() {
        JsonObject large = message(DEVICE).put("data", new JsonObject().put("a", "x".repeat(4_096)));

        assertThat(send("shop-one", token(), large).statusCode()).isEqualTo(400);
    }

    @Test
    void aFaultChoosesItsCode() {
        String token = token();
        WORLD.control(
                "PUT",
                "/faults/fcm",
                "{\"status\":429,\"retry_after\":7,\"message\":\"QUOTA_EXCEEDED Too many\",\"times\":1}");

        HttpResponse<String> refused = send("shop-one", token, message(DEVICE));

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("retry-after")).contains("7");
        assertThat(refused.body()).contains("RESOURCE_EXHAUSTED", "\"errorCode\":\"QUOTA_EXCEEDED\"");
        assertThat(send("shop-one", token, message(DEVICE)).statusCode()).isEqualTo(200);
    }

    private static JsonObject message(String device) {
        return new JsonObject().put("token", device).put("notification", new JsonObject().put("title", "Hello"));
    }

    private String token() {
        return ask(assertion(claims())).getString("access_token");
    }

    private JsonObject claims() {
        long now = Instant.now().getEpochSecond();
        return new JsonObject()
                .put("iss", file.getString("client_email"))
                .put("scope", "https://www.googleapis.com/auth/firebase.messaging")
                .put("aud", file.getString("token_uri"))
                .put("iat", now)
                .put("exp", now + 3_600);
    }

    private String assertion(JsonObject claims) {
        JsonObject head = new JsonObject().put("alg", "RS256").put("kid", file.getString("private_key_id"));
        String signed = encoded(head.encode().getBytes(StandardCharsets.UTF_8)) + "."
                + encoded(claims.encode().getBytes(StandardCharsets.UTF_8));
        try {
            String pem = file.getString("private_key").replaceAll("-----[^-]+-----", "");
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(KeyFactory.getInstance("RSA")
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem))));
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + encoded(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static JsonObject ask(String assertion) {
        String form =
                "grant_type=" + URLEncoder.encode("urn:ietf:params:oauth:grant-type:jwt-bearer", StandardCharsets.UTF_8)
                        + "&assertion=" + assertion;
        return new JsonObject(post("/fcm/token", "application/x-www-form-urlencoded", null, form)
                .body());
    }

    private static HttpResponse<String> send(String project, String token, JsonObject message) {
        return post(
                "/fcm/v1/projects/" + project + "/messages:send",
                "application/json",
                token,
                new JsonObject().put("message", message).encode());
    }

    private static HttpResponse<String> post(String path, String type, String token, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(WORLD.url() + path))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return CLIENT.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
