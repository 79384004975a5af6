package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Plans;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A tenant brings its own key at a provider, and its owner makes a past reply again. */
@Order(25)
class OwnKeyStoryE2E {
    private static final String KEYS = "/api/v1/provider-keys";

    @Test
    void theTenantsKeyIsUsedAndItsFailureIsItsOwn() {
        // Given
        Customer customer = Customer.signUp().subscribe(Plans.withCredits(1000));
        String conversation = customer.conversation("concierge");
        String key = "sk-own-" + UUID.randomUUID();

        // When the key is wrong
        customer.api()
                .post(KEYS, Map.of("provider", "default", "api_key", "sk-invalid-own"))
                .expect(201);

        // Then its owner's messages fail, and nobody else's
        assertThat(customer.say(conversation, "Hello?").expect(502).text("code"))
                .isEqualTo("PROVIDER_FAILED");
        Customer other = Customer.signUp();
        other.say(other.conversation("concierge"), "Hello?").expect(201);

        // When it is mended
        Answer mended = customer.api()
                .post(KEYS, Map.of("provider", "default", "api_key", key))
                .expect(201);

        // Then it is used, and never shown
        String operation = customer.say(conversation, "And now?").expect(201).text("operation_id");
        assertThat(customer.api().get("/api/v1/runs/" + operation).expect(200).text("key_owner"))
                .isEqualTo("tenant");
        assertThat(mended.raw() + customer.api().get(KEYS).expect(200).raw()).doesNotContain(key);
        customer.api().delete(KEYS + "/" + mended.text("id")).expect(204);
        assertThat(customer.api().get(KEYS).expect(200).at("/items")).isEmpty();
    }

    @Test
    void aPastReplyIsMadeAgainAndPaidAgain() {
        // Given
        Customer customer = Customer.signUp().subscribe(Plans.withCredits(1000));
        String conversation = customer.conversation("concierge");
        Answer said = customer.say(conversation, "Where is my order 77?").expect(201);
        String operation = said.text("operation_id");
        int[] used = {0};
        Eventually.passes(Duration.ofSeconds(5), () -> {
            used[0] = customer.api().get("/api/v1/credits").at("/used").asInt();
            assertThat(used[0]).isPositive();
        });

        // When
        Answer again = customer.api()
                .post("/api/v1/runs/" + operation + "/rerun", Map.of())
                .expect(201);

        // Then
        assertThat(again.text("rerun_of")).isEqualTo(operation);
        assertThat(again.text("text")).isEqualTo(said.at("/reply/text").asText());
        assertThat(again.raw()).doesNotContain("\"role\":\"system\"");
        Eventually.passes(Duration.ofSeconds(10), () -> assertThat(
                        customer.api().get("/api/v1/credits").at("/used").asInt())
                .isEqualTo(2 * used[0]));
        assertThat(customer.api()
                        .get("/api/v1/conversations/" + conversation + "/messages")
                        .expect(200)
                        .at("/items"))
                .hasSize(2);
    }
}
