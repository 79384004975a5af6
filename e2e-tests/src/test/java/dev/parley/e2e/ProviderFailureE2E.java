package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Checker;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Plans;
import dev.parley.e2e.support.Simulators;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A provider that fails costs nothing. */
@Order(90)
class ProviderFailureE2E {
    private Customer customer;
    private String conversation;
    private final String mark = "fail-" + UUID.randomUUID();

    @BeforeEach
    void signUp() {
        customer = Customer.signUp().subscribe(Plans.withCredits(10));
        conversation = customer.conversation("concierge");
    }

    @AfterEach
    void heal() {
        Simulators.heal("llm");
    }

    @Test
    void anErrorOfTheProviderIsA502() {
        Simulators.fault("llm", Map.of("status", 500, "match", mark));

        Answer answer = customer.say(conversation, mark).expect(502);

        assertThat(answer.text("code")).isEqualTo("PROVIDER_FAILED");
        nothingWasCharged();
    }

    @Test
    void aStreamThatIsCutEndsInAProblem() {
        Simulators.fault("llm", Map.of("cut_after_tokens", 3, "match", mark));

        Answer stream = customer.api()
                .with("Accept", "text/event-stream")
                .post("/api/v1/conversations/" + conversation + "/messages", Map.of("text", mark));

        assertThat(stream.raw()).contains("event: problem").doesNotContain("event: message\n");
        nothingWasCharged();
    }

    @Test
    void afterAFailureTheSameMessageCanBeSentAgain() {
        Simulators.fault("llm", Map.of("status", 500, "match", mark));
        Map<String, Object> message = Map.of("text", mark, "client_message_id", "again-1");
        String path = "/api/v1/conversations/" + conversation + "/messages";
        customer.api().post(path, message).expect(502);
        Simulators.heal("llm");

        Answer again = customer.api().post(path, message);

        assertThat(again.status()).isIn(200, 201);
        assertThat(customer.api().get("/api/v1/credits").at("used").asInt()).isEqualTo(1);
    }

    private void nothingWasCharged() {
        Eventually.passes(Duration.ofSeconds(5), () -> {
            Answer credits = customer.api().get("/api/v1/credits").expect(200);
            assertThat(credits.at("used").asInt()).isZero();
            assertThat(credits.at("held").asInt()).isZero();
        });
        new Checker().tenantIsConsistent(customer.tenantId());
    }
}
