package dev.parley.simulators;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlTest {

    private static final String TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
    private static final World WORLD = new World();

    @AfterAll
    static void close() {
        WORLD.close();
    }

    @BeforeEach
    void reset() {
        WORLD.reset();
    }

    private static HttpResponse<String> chat(String text) {
        return WORLD.send(
                "POST",
                "/llm/v1/chat/completions",
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}",
                "authorization",
                "Bearer sk-secret-1234");
    }

    private static JsonArray log(String query) {
        return WORLD.control("GET", "/log" + query, null).getJsonArray("items");
    }

    @Test
    void isUp() {
        assertThat(WORLD.control("GET", "/health", null)).isEqualTo(new JsonObject().put("status", "UP"));
    }

    @Test
    void logHoldsWhatWasReceivedWithoutSecrets() {
        chat("remember me");

        JsonObject entry = log("?provider=llm").getJsonObject(0);
        assertThat(entry.getString("method")).isEqualTo("POST");
        assertThat(entry.getString("path")).isEqualTo("/llm/v1/chat/completions");
        assertThat(entry.getString("body")).contains("remember me");
        assertThat(entry.getInteger("status")).isEqualTo(200);
        assertThat(entry.getJsonObject("headers").getString("authorization")).isEqualTo("…1234");
        assertThat(entry.encode()).doesNotContain("sk-secret");
        assertThat(log("?provider=stripe")).isEmpty();
    }

    @Test
    void logIsReadOnFromASequenceNumberOrATime() {
        chat("one");
        JsonObject first = WORLD.control("GET", "/log", null);
        chat("two");
        chat("three");

        assertThat(log("?since=" + first.getLong("last_seq"))).hasSize(2);
        assertThat(log("?since=2999-01-01T00:00:00Z")).isEmpty();
        assertThat(log("?since=2020-01-01T00:00:00Z&match=three")).hasSize(1);
        JsonObject page = WORLD.control("GET", "/log?limit=2", null);
        assertThat(page.getJsonArray("items")).hasSize(2);
        assertThat(page.getBoolean("more")).isTrue();
        assertThat(WORLD.control("GET", "/log?since=" + page.getLong("last_seq"), null)
                        .getBoolean("more"))
                .isFalse();
    }

    @Test
    void largeLogComesInPagesThatAreNotTooLarge() {
        String text = "x".repeat(100_000);
        for (int i = 0; i < 80; i++) {
            chat(text);
        }

        int seen = 0;
        long since = 0;
        boolean more = true;
        while (more) {
            HttpResponse<String> page = WORLD.send("GET", "/_control/log?since=" + since, null);
            assertThat(page.body().length()).isLessThan(5 << 20);
            JsonObject json = new JsonObject(page.body());
            seen += json.getInteger("count");
            since = json.getLong("last_seq");
            more = json.getBoolean("more");
        }

        assertThat(seen).isEqualTo(80);
    }

    @Test
    void botsTokenIsMaskedInTheLog() {
        WORLD.send("GET", "/telegram/bot" + TOKEN + "/getMe", null);

        assertThat(log("").getJsonObject(0).getString("path")).isEqualTo("/telegram/bot110201543:…Dsaw/getMe");
    }

    @Test
    void logCanBeSwitchedToCountersOnly() {
        WORLD.control("PUT", "/log", "{\"mode\":\"counters\"}");
        try {
            chat("unseen");
            assertThat(log("")).isEmpty();
            assertThat(WORLD.control("GET", "/counters", null).getInteger("llm.requests"))
                    .isEqualTo(1);
        } finally {
            WORLD.control("PUT", "/log", "{\"mode\":\"full\"}");
        }
        chat("seen");
        assertThat(log("")).hasSize(1);
    }

    @Test
    void injectedFaultIsInTheLogAndItsTimesRunOut() {
        WORLD.control("PUT", "/faults/llm", "[{\"status\":500,\"times\":2},{\"delay_ms\":50}]");
        assertThat(chat("a").statusCode()).isEqualTo(500);
        assertThat(WORLD.control("GET", "/faults/llm", null)
                        .getJsonArray("items")
                        .getJsonObject(0)
                        .getInteger("times"))
                .isEqualTo(1);
        assertThat(chat("b").statusCode()).isEqualTo(500);

        long before = System.nanoTime();
        assertThat(chat("c").statusCode()).isEqualTo(200);

        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(50_000_000);
        assertThat(log("").getJsonObject(0).getJsonObject("fault").getInteger("status"))
                .isEqualTo(500);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT | /faults/llm | {\"statos\":500}",
                "PUT | /faults/llm | {\"status\":42}",
                "PUT | /faults/llm | {\"times\":0}",
                "PUT | /faults/llm | {\"status\":\"500\"}",
                "PUT | /faults/llm | {\"cut\":\"sideways\"}",
                "PUT | /faults/llm | nonsense",
                "PUT | /faults/paypal | {\"status\":500}",
                "PUT | /faults/stripe-webhooks | {\"shuffle\":true}",
                "PUT | /log | {\"mode\":\"loud\"}",
                "GET | /log?since=yesterday |",
                "POST | /stripe/events | {\"type\":\"invoice.paid\"}",
                "POST | /telegram/bots/12:short/messages | {\"chat_id\":1,\"text\":\"x\"}",
                "POST | /telegram/bots/110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/messages | {\"chat_id\":\"1\"}"
            })
    void wrongControlCallIsRefused(String method, String path, String body) {
        assertThat(WORLD.send(method, "/_control" + path, body).statusCode()).isEqualTo(400);
    }

    @Test
    void unknownControlCallIsNotFound() {
        assertThat(WORLD.send("GET", "/_control/nothing", null).statusCode()).isEqualTo(404);
        assertThat(WORLD.send("POST", "/_control/stripe/events/evt_none/resend", null)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void bodyOverTheLimitIsRefused() {
        HttpResponse<String> response = WORLD.send(
                "POST", "/llm/v1/chat/completions", "x".repeat((16 << 20) + 1), "authorization", "Bearer sk-1");

        assertThat(response.statusCode()).isEqualTo(413);
    }

    @Test
    void restartKeepsCustomersWebhooksAndWhatWasNotDelivered(@TempDir Path directory) {
        int receiverPort;
        String customer;
        try (World before = new World(directory)) {
            receiverPort = before.receiverPort();
            customer = new JsonObject(before.send(
                                    "POST", "/stripe/v1/customers", "email=a@b.c", "authorization", "Bearer sk_test_1")
                            .body())
                    .getString("id");
            before.send(
                    "GET",
                    "/telegram/bot" + TOKEN + "/setWebhook?url=" + before.receiverUrl() + "/hook&secret_token=abc",
                    null);
            before.answerWith(500);
            before.control(
                    "POST", "/telegram/bots/" + TOKEN + "/messages", "{\"chat_id\":5,\"text\":\"still there?\"}");
            before.awaitReceived(1);
        }

        try (World after = new World(directory, receiverPort)) {
            assertThat(after.send("GET", "/stripe/v1/customers/" + customer, null, "authorization", "Bearer sk_test_1")
                            .statusCode())
                    .isEqualTo(200);
            World.Received again = after.awaitReceived(1).getFirst();
            assertThat(again.json().getJsonObject("message").getString("text")).isEqualTo("still there?");
            assertThat(again.headers()).containsEntry("x-telegram-bot-api-secret-token", "abc");
        }
    }
}
