package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Plans;
import dev.parley.e2e.support.Simulators;
import dev.parley.e2e.support.Stack;
import dev.parley.local.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A shop's own system proves a customer's number by an SMS, and nobody but the customer ever reads the code. */
@Order(34)
class OtpStoryE2E {
    private static final Duration SOON = Duration.ofSeconds(15);

    private final Customer shop = Customer.signUp().subscribe(Plans.withCredits(100));
    private final String account =
            "AC" + "%032x".formatted(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE));
    private final String control = "/twilio/accounts/" + account;
    private final String buyer = "1650" + ThreadLocalRandom.current().nextInt(2_000_000, 9_999_999);

    @Test
    void aNumberIsProvenOnceAndTheCodeIsNowhereElse() throws IOException {
        String channel = connect();
        Api system = Api.key(shop.api()
                .post("/api/v1/api-keys", Map.of("name", "shop", "scopes", List.of("read", "write")))
                .expect(201)
                .text("key"));
        Map<String, String> wanted =
                Map.of("channel_id", channel, "to", "+" + buyer, "purpose", "login", "reference", "session-1");

        Answer asked = system.with("Idempotency-Key", "otp-" + buyer)
                .post("/api/v1/otp", wanted)
                .expect(201);
        Answer repeated = system.with("Idempotency-Key", "otp-" + buyer)
                .post("/api/v1/otp", wanted)
                .expect(201);
        String id = asked.text("id");
        assertThat(repeated.text("id")).isEqualTo(id);
        String words = Eventually.within(SOON, () -> {
            List<JsonNode> sent = Simulators.sentTo(control, "%2B" + buyer);
            assertThat(sent).hasSize(1);
            return sent.getFirst().path("body").asText();
        });
        assertThat(words).matches("\\d{6} is your code \\(login\\).*");
        String code = words.substring(0, 6);
        String wrong = "%06d".formatted((Integer.parseInt(code) + 1) % 1_000_000);
        String checks = "/api/v1/otp/" + id + "/checks";

        assertThat(system.post(checks, typed(wrong, "session-1")).expect(200).text("outcome"))
                .isEqualTo("refused");
        assertThat(system.post(checks, typed(code, "session-2")).expect(200).text("outcome"))
                .isEqualTo("refused");
        assertThat(system.post(checks, typed(code, "session-1")).expect(200).text("outcome"))
                .isEqualTo("approved");
        assertThat(system.post(checks, typed(code, "session-1")).expect(200).text("outcome"))
                .isEqualTo("refused");

        Eventually.passes(SOON, () -> assertThat(
                        system.get("/api/v1/otp/" + id).expect(200).text("delivery"))
                .isEqualTo("delivered"));
        assertThat(system.get("/api/v1/otp/" + id).expect(200).text("state")).isEqualTo("approved");
        Eventually.passes(SOON, () -> assertThat(
                        shop.api().get("/api/v1/credits").at("used").asInt())
                .as("one message, and checks are free")
                .isEqualTo(1));
        assertNowhereElse(code);
        Customer stranger = Customer.signUp();
        stranger.api().get("/api/v1/otp/" + id).expect(404);
        stranger.api().post(checks, typed(code, "session-1")).expect(404);
    }

    @Test
    void aNumberThatIsPumpedIsLeftInPeaceAndCostsNoMore() {
        String channel = connect();
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            statuses.add(shop.api()
                    .post(
                            "/api/v1/otp",
                            Map.of(
                                    "channel_id",
                                    channel,
                                    "to",
                                    "+" + buyer,
                                    "purpose",
                                    "login",
                                    "reference",
                                    "session-" + i))
                    .status());
        }

        assertThat(statuses).containsExactly(201, 201, 201, 429, 429);
        Eventually.passes(SOON, () -> assertThat(Simulators.sentTo(control, "%2B" + buyer))
                .hasSize(3));
        Eventually.passes(SOON, () -> assertThat(
                        shop.api().get("/api/v1/credits").at("used").asInt())
                .isEqualTo(3));
        assertThat(shop.api().get("/api/v1/credits").at("held").asInt()).isZero();
    }

    private static Map<String, String> typed(String code, String reference) {
        return Map.of("code", code, "reference", reference);
    }

    private void assertNowhereElse(String code) throws IOException {
        JsonNode conversation =
                shop.api().get("/api/v1/conversations?channel=sms").expect(200).at("items");
        assertThat(conversation).hasSize(1);
        String messages = shop.api()
                .get("/api/v1/conversations/" + conversation.path(0).path("id").asText() + "/messages")
                .expect(200)
                .raw();
        assertThat(messages).contains("is your code (login)").doesNotContain(code + " is");
        assertThat(shop.api().get("/api/v1/messages?query=" + code).expect(200).at("items"))
                .isEmpty();
        assertThat(shop.api().get("/api/v1/messages?query=login").expect(200).at("items"))
                .as("the search knows the message")
                .hasSize(1);
        // By itself: six digits may be a piece of a time or an id.
        Pattern alone = Pattern.compile("(?<![0-9a-fA-F.+-])" + code + "(?![0-9a-fA-F.+-])");
        for (Part part : Arrays.stream(Part.values()).filter(Part::isService).toList()) {
            try (Stream<String> lines = Files.lines(Stack.running().log(part))) {
                assertThat(lines.filter(line -> alone.matcher(line).find()))
                        .as(part.label())
                        .isEmpty();
            }
        }
    }

    private String connect() {
        String number = "+1555" + ThreadLocalRandom.current().nextInt(1_000_000, 9_999_999);
        Simulators.control("PUT", control, Map.of("auth_token", "right-token", "numbers", List.of(number)));
        return shop.api()
                .post(
                        "/api/v1/channels",
                        Map.of(
                                "type",
                                "twilio",
                                "name",
                                "Our number",
                                "agent",
                                "concierge",
                                "credentials",
                                Map.of("account_sid", account, "auth_token", "right-token", "phone_number", number)))
                .expect(201)
                .text("id");
    }
}
