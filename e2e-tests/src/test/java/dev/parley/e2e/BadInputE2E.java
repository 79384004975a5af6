package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Customer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The error table of the HTTP face, through the gateway. */
@Order(80)
class BadInputE2E {
    private static Customer customer;
    private static String messages;

    @BeforeAll
    static void signUp() {
        customer = Customer.signUp();
        messages = "/api/v1/conversations/" + customer.conversation("concierge") + "/messages";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"text\":          | 400",
                "{\"text\":\"a\",\"tenant_id\":\"x\"} | 400",
                "{\"text\":42}       | 400",
                "{\"text\":{\"a\":1}} | 400",
                "[]                  | 400",
                "{\"text\":\"\"}     | 422",
                "{}                  | 422"
            })
    void aBodyThatIsNotRightIsRefused(String body, int status) {
        Answer answer = customer.api().post(messages, body).expect(status);

        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.text("type")).startsWith("https://parley.dev/problems/");
        assertThat(answer.text("code")).isNotBlank();
        assertThat(answer.text("operation_id")).isNotBlank();
        assertThat(answer.raw()).doesNotContain("Exception", "dev.parley", "at [Source");
        if (status == 422) {
            assertThat(answer.text("/errors/0/pointer")).isEqualTo("/text");
        }
    }

    @Test
    void sizesAndEncodingsAreBounded() {
        Api api = customer.api();
        String hundredThousand = "x".repeat(100_000);
        assertThat(api.post(messages, Map.of("text", hundredThousand)).status()).isIn(413, 422);
        byte[] twoMebibytes = ("{\"text\":\"" + "y".repeat(2 * 1024 * 1024) + "\"}").getBytes(StandardCharsets.UTF_8);
        api.raw("POST", messages, twoMebibytes, "application/json").expect(413);
        byte[] invalidUtf8 = {
            '{', '"', 't', 'e', 'x', 't', '"', ':', '"', (byte) 0xC3, (byte) 0x28, (byte) 0xFF, '"', '}'
        };
        api.raw("POST", messages, invalidUtf8, "application/json").expect(400);
        api.raw("POST", messages, "text=hi".getBytes(StandardCharsets.UTF_8), "application/x-www-form-urlencoded")
                .expect(415);
    }

    @Test
    void unknownPathsAndMethodsAreToldApart() {
        customer.api().get("/api/v1/nothing-here").expect(404);
        customer.api().get("/nothing").expect(404);
        customer.api().delete("/api/v1/credits").expect(405);
        customer.api()
                .get("/api/v1/conversations/" + UUID.randomUUID() + "/messages")
                .expect(404);
        assertThat(customer.api()
                        .get("/api/v1/conversations/not-a-uuid/messages")
                        .status())
                .isIn(400, 404);
    }

    @Test
    void credentialsThatProveNothingAre401WithoutReasons() {
        String token = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString("{\"sub\":\"x\",\"exp\":9999999999}".getBytes(StandardCharsets.UTF_8))
                + ".";
        for (Api stranger : new Api[] {
            Api.anonymous(),
            Api.bearer("abc"),
            Api.bearer(token),
            Api.key("pk_live_0000000000000000000000000000000000000000"),
            Api.bearer("pk_live_short")
        }) {
            Answer answer = stranger.get("/api/v1/me").expect(401);
            assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
            assertThat(answer.raw()).doesNotContain("expired", "signature", "issuer");
        }
    }

    @Test
    void anIdempotencyKeyMeansOneEffect() {
        Api api = customer.api().with("Idempotency-Key", "key-" + UUID.randomUUID());
        Map<String, Object> body = Map.of("agent", "concierge");

        Answer first = api.post("/api/v1/conversations", body).expect(201);
        Answer again = api.post("/api/v1/conversations", body).expect(201);
        Answer other = api.post("/api/v1/conversations", Map.of("agent", "support"));

        assertThat(again.text("id")).isEqualTo(first.text("id"));
        assertThat(other.status()).isEqualTo(422);
    }

    @Test
    void signUpSaysWhatIsWrong() {
        Map<String, Object> taken = Map.of(
                "email",
                customer.email(),
                "password",
                "another-good-password-1",
                "name",
                "Eve",
                "organization",
                "Evil");
        Api.anonymous().post("/api/v1/auth/signup", taken).expect(409);
        Answer weak = Api.anonymous()
                .post(
                        "/api/v1/auth/signup",
                        Map.of(
                                "email", "weak-" + UUID.randomUUID() + "@example.com",
                                "password", "short",
                                "name", "Weak",
                                "organization", "Weak"))
                .expect(422);
        assertThat(weak.text("/errors/0/pointer")).isEqualTo("/password");
        Api.anonymous()
                .post("/api/v1/auth/login", Map.of("email", customer.email(), "password", "wrong-password-00"))
                .expect(401);
    }

    @Test
    void aRefreshTokenWorksOnce() {
        Customer other = Customer.signUp();
        Answer refreshed = Api.anonymous()
                .post("/api/v1/auth/refresh", Map.of("refresh_token", other.refreshToken()))
                .expect(200);
        Api.bearer(refreshed.text("access_token")).get("/api/v1/me").expect(200);

        Api.anonymous()
                .post("/api/v1/auth/refresh", Map.of("refresh_token", other.refreshToken()))
                .expect(401);
        Api.anonymous()
                .post("/api/v1/auth/refresh", Map.of("refresh_token", refreshed.text("refresh_token")))
                .expect(401);
    }
}
