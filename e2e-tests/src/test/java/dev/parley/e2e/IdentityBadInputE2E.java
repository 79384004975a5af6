package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Stack;
import dev.parley.local.bench.PasswordGuesses;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** What people, and those who only claim to be, type wrongly; against the real Keycloak. */
@Order(7)
class IdentityBadInputE2E {
    private static final String PASSWORD = "correct-horse-battery-1";

    @Test
    void passwordsOfOneAndOfTenThousandCharactersAreRefused() {
        for (String password : new String[] {"x", "x".repeat(10_000)}) {
            Answer answer = signUp("bad-" + UUID.randomUUID() + "@example.com", password)
                    .expect(422);
            assertThat(answer.text("/errors/0/pointer")).isEqualTo("/password");
            assertThat(login("owner@demo.parley.local", password).status()).isIn(401, 422);
        }
    }

    @Test
    void anAddressIsTheSameInAnyCaseAndUnicodeIsNoAddress() {
        String email = "Mixed-" + UUID.randomUUID() + "@Example.COM";
        signUp(email, PASSWORD).expect(201);

        signUp(email.toUpperCase(Locale.ROOT), PASSWORD).expect(409);
        assertThat(login(email.toLowerCase(Locale.ROOT), PASSWORD).status()).isEqualTo(200);
        assertThat(login(email.toUpperCase(Locale.ROOT), PASSWORD).status()).isEqualTo(200);
        for (String odd :
                new String[] {"jürgen@example.com", "a\u202e@example.com", "ana@exämple.com", "ａ@example.com"}) {
            assertThat(signUp(odd, PASSWORD).expect(422).text("/errors/0/pointer"))
                    .isEqualTo("/email");
        }
    }

    @Test
    void aRefreshTokenUsedTwiceEndsItsWholeFamily() throws InterruptedException {
        Customer customer = Customer.signUp();
        // Keycloak tells tokens of a family apart by the second
        Thread.sleep(1_100);
        Answer second = refresh(customer.refreshToken()).expect(200);
        Answer third = refresh(second.text("refresh_token")).expect(200);

        refresh(customer.refreshToken()).expect(401);

        refresh(third.text("refresh_token")).expect(401);
        Eventually.passes(
                Duration.ofSeconds(2),
                () -> Api.bearer(third.text("access_token")).get("/api/v1/me").expect(401));
        assertThat(login(customer.email(), PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void guessesGetNobodyInAndKeepTheOwnerOutOnlyOnDevicesThatNobodyKnows() throws InterruptedException {
        PasswordGuesses.Outcome outcome =
                PasswordGuesses.against(Stack.running().gatewayUrl(), 60);

        assertThat(outcome.succeeded()).isZero();
        assertThat(outcome.ownersTries()).isEqualTo(3);
        assertThat(outcome.ownerIn()).isEqualTo(3);
        assertThat(outcome.strangersLocked()).isTrue();
    }

    private static Answer signUp(String email, String password) {
        return Api.anonymous()
                .post(
                        "/api/v1/auth/signup",
                        Map.of("email", email, "password", password, "name", "Ada", "organization", "Engines"));
    }

    private static Answer login(String email, String password) {
        return Api.anonymous().post("/api/v1/auth/login", Map.of("email", email, "password", password));
    }

    private static Answer refresh(String token) {
        return Api.anonymous().post("/api/v1/auth/refresh", Map.of("refresh_token", token));
    }
}
