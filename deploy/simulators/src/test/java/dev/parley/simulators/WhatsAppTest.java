package dev.parley.simulators;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Meta documents the wire; its own client is abandoned. So raw HTTP, and the documented formula. */
class WhatsAppTest {

    private static final World WORLD = new World();
    private static int numbers;

    private String number;

    @AfterAll
    static void close() {
        WORLD.close();
    }

    @BeforeEach
    void reset() {
        WORLD.reset();
        number = "10654035224" + (1000 + numbers++);
        WORLD.control(
                "PUT",
                "/whatsapp/numbers/" + number,
                "{\"app_secret\":\"s3cret\",\"receipts\":[\"sent\",\"read\"],"
                        + "\"templates\":[{\"name\":\"shipped\",\"language\":\"en_US\",\"parameters\":1}]}");
    }

    @Test
    void aWebhookIsUsedOnceItEchoesTheChallenge() {
        JsonObject refused = WORLD.control(
                "POST",
                "/whatsapp/numbers/" + number + "/webhook",
                "{\"url\":\"" + WORLD.receiverUrl() + "/webhooks/whatsapp/1\",\"verify_token\":\"v\"}");

        assertThat(refused.getBoolean("verified")).isFalse();
        assertThat(refused.getInteger("status")).isEqualTo(200);
        assertThat(graph("GET", number, null)
                        .getJsonObject("webhook_configuration")
                        .containsKey("phone_number"))
                .isFalse();
        webhook();
        assertThat(address()).isEqualTo(WORLD.receiverUrl() + "/webhooks/whatsapp/1");
    }

    @Test
    void aNumberGetsAnAddressOfItsOwnByTheApi() {
        String override = "{\"webhook_configuration\":{\"override_callback_uri\":\"" + WORLD.receiverUrl()
                + "/own\",\"verify_token\":\"v\"}}";

        assertThat(error(call("POST", number, override, "token"))).isEqualTo(2200);
        assertThat(address()).isNull();
        WORLD.echoChallenges();
        assertThat(call("POST", number, override, "token").statusCode()).isEqualTo(200);
        assertThat(address()).isEqualTo(WORLD.receiverUrl() + "/own");
        call("POST", number, "{\"webhook_configuration\":{\"override_callback_uri\":\"\"}}", "token");
        assertThat(address()).isNull();
    }

    private String address() {
        return graph("GET", number, null).getJsonObject("webhook_configuration").getString("phone_number");
    }

    @Test
    void aNumberIntroducesItselfToWhoKnowsTheSecret() throws Exception {
        assertThat(graph("GET", number, null).getString("id")).isEqualTo(number);
        assertThat(graph("GET", number + "?appsecret_proof=" + hmac("s3cret", "token"), null)
                        .getString("status"))
                .isEqualTo("CONNECTED");
        assertThat(error(call("GET", number + "?appsecret_proof=" + hmac("wrong", "token"), null, "token")))
                .isEqualTo(100);
        assertThat(error(call("GET", number, null, "an-invalid-token"))).isEqualTo(190);
        assertThat(error(call("GET", "12", null, "token"))).isEqualTo(100);
    }

    @ParameterizedTest
    @CsvSource({"86399, 200", "86400, 400", "90000, 400"})
    void wordsAreTakenForADayAfterTheCustomerWrote(long secondsAgo, int status) {
        WORLD.control("PUT", "/whatsapp/numbers/" + number, "{\"late_refusals\":false}");
        HttpResponse<String> answer;
        long second;
        do { // all of it in one second: in the next one another is the last
            second = System.currentTimeMillis() / 1000;
            wrote("16505551234", secondsAgo);
            answer = call("POST", number + "/messages", text("16505551234", "Hi"), "token");
        } while (System.currentTimeMillis() / 1000 != second);

        assertThat(answer.statusCode()).isEqualTo(status);
        if (status == 400) {
            assertThat(error(answer)).isEqualTo(131047);
        } else {
            assertThat(new JsonObject(answer.body())
                            .getJsonArray("messages")
                            .getJsonObject(0)
                            .getString("id"))
                    .startsWith("wamid.");
        }
    }

    @Test
    void templatesAreTakenAtAnyTimeIfTheyFit() {
        String template =
                "{\"messaging_product\":\"whatsapp\",\"to\":\"16505551234\",\"type\":\"template\",\"template\":"
                        + "{\"name\":\"%s\",\"language\":{\"code\":\"en_US\"},\"components\":[{\"type\":\"body\",\"parameters\":[%s]}]}}";
        String parameter = "{\"type\":\"text\",\"text\":\"7\"}";

        assertThat(call("POST", number + "/messages", template.formatted("shipped", parameter), "token")
                        .statusCode())
                .isEqualTo(200);
        assertThat(error(call("POST", number + "/messages", template.formatted("shipped", ""), "token")))
                .isEqualTo(132000);
        assertThat(error(call("POST", number + "/messages", template.formatted("unknown", parameter), "token")))
                .isEqualTo(132001);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                {"messaging_product":"whatsapp","to":"16505551234","type":"text","text":{"body":" "}}|100
                {"to":"16505551234","type":"text","text":{"body":"x"}}|100
                {"messaging_product":"whatsapp","to":"me","type":"text","text":{"body":"x"}}|100
                {"messaging_product":"whatsapp","to":"16505551234","type":"hologram","hologram":{}}|131009
                {"messaging_product":"whatsapp","to":"16505551234","type":"image","image":{}}|100
                {"messaging_product":"whatsapp","to":"16505551234","type":"audio","audio":{"link":"https://x","caption":"c"}}|100
                {"messaging_product":"whatsapp","to":"16505551234","type":"interactive","interactive":{"type":"button","body":{"text":"x"},"action":{"buttons":[]}}}|100
                {|100
                """)
    void whatMetaRefusesIsRefused(String body, int code) {
        wrote("16505551234", 5);

        assertThat(error(call("POST", number + "/messages", body, "token"))).isEqualTo(code);
        assertThat(error(call("POST", number + "/messages", text("16505551234", "x".repeat(4097)), "token")))
                .isEqualTo(100);
    }

    @Test
    void whatCustomersWriteComesSignedByTheDocumentedFormulaAndStatusesFollow() throws Exception {
        webhook();
        JsonArray ids = WORLD.control(
                        "POST",
                        "/whatsapp/numbers/" + number + "/messages",
                        "{\"from\":\"16505551234\",\"name\":\"Ana\",\"text\":\"naïve ✓ 😀\"}")
                .getJsonArray("ids");

        World.Received received = WORLD.awaitReceived(1).getFirst();

        assertThat(received.headers().get("x-hub-signature-256"))
                .isEqualTo("sha256=" + hmac("s3cret", received.body()));
        assertThat(received.body()).contains("na\\u00efve \\u2713 \\ud83d\\ude00");
        JsonObject value = value(received);
        assertThat(value.getJsonObject("metadata").getString("phone_number_id")).isEqualTo(number);
        assertThat(value.getJsonArray("contacts").getJsonObject(0).getString("wa_id"))
                .isEqualTo("16505551234");
        JsonObject message = value.getJsonArray("messages").getJsonObject(0);
        assertThat(message.getString("id")).isEqualTo(ids.getString(0));
        assertThat(message.getJsonObject("text").getString("body")).isEqualTo("naïve ✓ 😀");

        String sent = graph(
                        "POST",
                        number + "/messages",
                        new JsonObject(text("16505551234", "Hello"))
                                .put("biz_opaque_callback_data", "ref-1")
                                .encode())
                .getJsonArray("messages")
                .getJsonObject(0)
                .getString("id");
        assertThat(WORLD.awaitReceived(3).subList(1, 3))
                .extracting(status -> value(status).getJsonArray("statuses").getJsonObject(0))
                .allMatch(status -> status.getString("id").equals(sent))
                .allMatch(status -> status.getString("biz_opaque_callback_data").equals("ref-1"))
                .extracting(status -> status.getString("status"))
                .containsExactly("sent", "read");
        assertThat(WORLD.control("GET", "/whatsapp/numbers/" + number + "/sent?to=16505551234", null)
                        .getJsonArray("items"))
                .hasSize(1);
    }

    @Test
    void aRefusalComesLateUnlessItIsWantedAtOnce() {
        webhook();

        assertThat(call("POST", number + "/messages", text("16505551234", "Hi"), "token")
                        .statusCode())
                .isEqualTo(200);

        JsonObject status = value(WORLD.awaitReceived(1).getFirst())
                .getJsonArray("statuses")
                .getJsonObject(0);
        assertThat(status.getString("status")).isEqualTo("failed");
        assertThat(status.getJsonArray("errors").getJsonObject(0).getInteger("code"))
                .isEqualTo(131047);
    }

    @Test
    void filesAreFetchedInTwoCalls() {
        webhook();
        WORLD.control(
                "POST",
                "/whatsapp/numbers/" + number + "/messages",
                "{\"from\":\"16505551234\",\"type\":\"document\",\"document\":{\"filename\":\"a.txt\",\"mime_type\":\"text/plain\"},\"content\":\"aGVsbG8=\"}");
        JsonObject document = value(WORLD.awaitReceived(1).getFirst())
                .getJsonArray("messages")
                .getJsonObject(0)
                .getJsonObject("document");

        JsonObject described = graph("GET", document.getString("id"), null);

        assertThat(described.getInteger("file_size")).isEqualTo(5);
        assertThat(described.getString("sha256"))
                .isEqualTo("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
        assertThat(WORLD.send("GET", described.getString("url"), null, "authorization", "Bearer token")
                        .body())
                .isEqualTo("hello");
        assertThat(WORLD.send("GET", described.getString("url"), null).statusCode())
                .isEqualTo(401);
    }

    @Test
    void faultsChooseTheirCode() {
        WORLD.control(
                "PUT", "/faults/whatsapp", "{\"status\":400,\"message\":\"131056 Pair rate limit hit\",\"times\":1}");
        wrote("16505551234", 1);

        assertThat(error(call("POST", number + "/messages", text("16505551234", "Hi"), "token")))
                .isEqualTo(131056);
        assertThat(call("POST", number + "/messages", text("16505551234", "Hi"), "token")
                        .statusCode())
                .isEqualTo(200);
    }

    private void webhook() {
        String url = WORLD.receiverUrl() + "/webhooks/whatsapp/1";
        WORLD.echoChallenges();
        assertThat(WORLD.control(
                                "POST",
                                "/whatsapp/numbers/" + number + "/webhook",
                                "{\"url\":\"" + url + "\",\"verify_token\":\"v\"}")
                        .getBoolean("verified"))
                .isTrue();
        WORLD.received().clear();
    }

    private void wrote(String customer, long secondsAgo) {
        WORLD.control(
                "PUT",
                "/whatsapp/numbers/" + number + "/customers/" + customer,
                "{\"wrote_at\":" + (System.currentTimeMillis() / 1000 - secondsAgo) + "}");
    }

    private static JsonObject value(World.Received received) {
        return received.json()
                .getJsonArray("entry")
                .getJsonObject(0)
                .getJsonArray("changes")
                .getJsonObject(0)
                .getJsonObject("value");
    }

    private static String text(String to, String text) {
        return new JsonObject()
                .put("messaging_product", "whatsapp")
                .put("to", to)
                .put("type", "text")
                .put("text", new JsonObject().put("body", text))
                .encode();
    }

    private JsonObject graph(String method, String path, String body) {
        HttpResponse<String> answer = call(method, path, body, "token");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private static HttpResponse<String> call(String method, String path, String body, String token) {
        return WORLD.send(
                method,
                "/whatsapp/v24.0/" + path,
                body,
                "authorization",
                "Bearer " + token,
                "content-type",
                "application/json");
    }

    private static int error(HttpResponse<String> answer) {
        return new JsonObject(answer.body()).getJsonObject("error").getInteger("code");
    }

    private static String hmac(String secret, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }
}
