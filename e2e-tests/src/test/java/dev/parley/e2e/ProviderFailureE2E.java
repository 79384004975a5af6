package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Checker;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Plans;
import dev.parley.e2e.support.Simulators;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
        Simulators.api().delete("/_control/llm/replies");
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

    @Test
    void aStormOfRefusalsIsNotMadeWorseAndEndsWithTheKeyThatItIsFor() throws Exception {
        // Given a provider that refuses whatever is asked with this tenant's own key
        customer.api()
                .post("/api/v1/provider-keys", Map.of("provider", "default", "api_key", "sk-" + mark))
                .expect(201);
        Simulators.fault("llm", Map.of("status", 429, "match", mark));

        // When ten people write six times each
        List<Answer> answers = new ArrayList<>();
        try (ExecutorService people = Executors.newFixedThreadPool(10)) {
            List<Future<List<Answer>>> written = new ArrayList<>();
            for (int person = 0; person < 10; person++) {
                written.add(people.submit(this::writeSixTimes));
            }
            for (Future<List<Answer>> each : written) {
                answers.addAll(each.get());
            }
        }

        // Then all are told so, after a while without asking the provider, and the others' answers come as ever
        assertThat(answers).hasSize(60).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.text("code")).isEqualTo("PROVIDER_FAILED");
        });
        assertThat(answers)
                .filteredOn(answer -> "15".equals(answer.header("Retry-After")))
                .hasSizeGreaterThan(20);
        assertThat(Simulators.received("llm", mark)).hasSizeBetween(10, 45);
        Customer other = Customer.signUp();
        other.say(other.conversation("concierge"), "Hello?").expect(201);
        nothingWasCharged();
    }

    private List<Answer> writeSixTimes() {
        String own = customer.conversation("concierge");
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            answers.add(customer.say(own, mark + " " + i));
        }
        return answers;
    }

    @Test
    void whatCannotBeReadIsA502() {
        Simulators.fault("llm", Map.of("malformed", true, "match", mark));

        assertThat(customer.say(conversation, mark).expect(502).text("code")).isEqualTo("PROVIDER_FAILED");

        nothingWasCharged();
    }

    @Test
    void aModelThatNeverStopsCallingFunctionsIsAskedNineTimes() {
        customer.api()
                .put("/api/v1/agents/concierge/configuration", Map.of("tools", List.of("current_time")))
                .expect(200);
        Map<String, Object> endless =
                Map.of("match", mark, "tool_calls", List.of(Map.of("name", "current_time", "arguments", Map.of())));
        Simulators.control("PUT", "/llm/replies", List.of(endless));

        assertThat(customer.say(conversation, mark).expect(502).text("code")).isEqualTo("PROVIDER_FAILED");

        assertThat(Simulators.received("llm", mark)).hasSize(9);
        nothingWasCharged();
    }

    private void nothingWasCharged() {
        Eventually.passes(Duration.ofSeconds(5), () -> {
            Answer credits = customer.api().get("/api/v1/credits").expect(200);
            assertThat(credits.at("used").asInt()).isZero();
            assertThat(credits.at("held").asInt()).isZero();
            new Checker().tenantIsConsistent(customer.tenantId());
        });
        assertThat(new Checker()
                        .column(
                                "parley_policy",
                                "select distinct state from app.hold where tenant_id = '" + customer.tenantId() + "'"))
                .as("given back, and not forgotten until it ran out")
                .doesNotContain("expired");
    }
}
