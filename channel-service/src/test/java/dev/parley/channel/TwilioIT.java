package dev.parley.channel;

import static dev.parley.channel.Channel.admin;
import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.execute;
import static dev.parley.channel.Channel.member;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class TwilioIT {
    private static final String PUBLIC = "http://127.0.0.1:8080";
    private static final String ACCOUNT = "AC" + "0123456789abcdef".repeat(2);

    private final TenantId tenant = newTenant();
    private final String number = "+1555" + random();
    private final String customer = "+1444" + random();

    @Test
    void aNumberIsConnectedAndTwilioLearnsTheAddress() {
        String channel = connect();

        String address = PUBLIC + "/webhooks/twilio/" + channel + "/sms";
        assertThat(FakeMessengers.SMS_SETTINGS.get(number))
                .containsEntry("SmsUrl", address)
                .containsEntry("SmsFallbackUrl", address)
                .containsEntry("SmsApplicationSid", "");
        admin(tenant)
                .post("/api/v1/channels/" + channel + "/test")
                .then()
                .statusCode(200)
                .body("checks.findAll { !it.ok }.size()", equalTo(0))
                .body("ok", equalTo(true));
        refused(Map.of("phone_number", "+442000000"), 422, "CHANNEL_REFUSED");
        refused(Map.of("phone_number", "+1555" + random(), "auth_token", "f".repeat(32)), 422, "CHANNEL_REFUSED");
        refused(Map.of(), 422, "VALIDATION_FAILED");
        refused(
                Map.of("phone_number", number, "messaging_service_sid", "MG" + "0".repeat(32)),
                422,
                "VALIDATION_FAILED");
        admin(tenant).delete("/api/v1/channels/" + channel).then().statusCode(204);
        assertThat(FakeMessengers.SMS_URLS).containsEntry(number, "");
    }

    @Test
    void anAddressThatSomebodyElseSetStaysTheirs() {
        String channel = connect();
        FakeMessengers.SMS_URLS.put(number, "https://elsewhere.example/sms");

        admin(tenant)
                .post("/api/v1/channels/" + channel + "/test")
                .then()
                .body("checks.find { it.name == 'webhook' }.detail", equalTo("Twilio delivers to another address."));
        admin(tenant).delete("/api/v1/channels/" + channel).then().statusCode(204);

        assertThat(FakeMessengers.SMS_URLS).containsEntry(number, "https://elsewhere.example/sms");
    }

    @Test
    void whatCameWhileNobodyTookItIsAskedForAndAnsweredOnce() {
        String channel = connect();
        FakeMessengers.LISTED.put(
                number,
                java.util.List.of(
                        listed("SMlate2", "Anybody?", 30),
                        listed("SMlate1", "Hello?", 40),
                        listed("SMold", "Long ago", 7200)));
        assertThat(post(channel, message("SMlate1", "Hello?")).statusCode()).isEqualTo(200);
        await(() -> FakeMessengers.sentTo(customer).size() == 1);

        execute("update app.channel_account set asked_at = now() - interval '1 hour', created_at = now() - interval"
                + " '1 hour', answered_at = now() - interval '1 hour' where id = '" + channel + "'");

        await(() -> FakeMessengers.sentTo(customer).size() == 2);
        assertThat(FakeMessengers.sentTo(customer))
                .extracting(sent -> sent.path("Body").asText())
                .containsExactly("You said: Hello?", "You said: Anybody?");
        await(() -> count("select count(*) from app.channel_account where answered_at > now() - interval '5 minutes'"
                        + " and id = '" + channel + "'")
                == 1);
        assertThat(count("select count(*) from app.message where role = 'user' and tenant_id = '" + tenant + "'"))
                .isEqualTo(2);
    }

    @Test
    void aLostAnswerIsFoundInTwiliosListAndNothingIsSentTwice() {
        String channel = connect();
        FakeMessengers.REFUSALS.put(customer, new int[] {0, FakeMessengers.TAKEN});

        post(channel, message("SM1", "Hello"));

        await(() -> "SENT".equals(text("select state from app.send_intent where tenant_id = '" + tenant + "'")));
        assertThat(text("select provider_message_id from app.send_intent where tenant_id = '" + tenant + "'"))
                .startsWith("SMtaken");
        assertThat(FakeMessengers.sentTo(customer)).hasSize(1);
    }

    @Test
    void whatTwilioNeverTookIsSentAgainOnlyWhenItMustHaveBeenListed() {
        String channel = connect();
        FakeMessengers.REFUSALS.put(customer, new int[] {0, 0});

        post(channel, message("SM1", "Hello"));

        await(() -> FakeMessengers.sentTo(customer).size() == 2);
        assertThat(text("select extract(epoch from attempted_at - first_attempted_at)::int from app.send_intent"
                        + " where tenant_id = '" + tenant + "'"))
                .satisfies(seconds -> assertThat(Integer.parseInt(seconds)).isGreaterThanOrEqualTo(2));
        await(() -> "SENT".equals(text("select state from app.send_intent where tenant_id = '" + tenant + "'")));
    }

    @Test
    void aTextIsAnsweredOnceHoweverItComes() {
        String channel = connect();
        Map<String, String> form = message("SM1", "Hello");

        for (Response answer : new Response[] {post(channel, form), post(channel, form), get(channel, form)}) {
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.contentType()).startsWith("text/xml");
            assertThat(answer.asString()).isEqualTo("<Response/>");
        }
        await(() -> FakeMessengers.sentTo(customer).size() == 1);
        get(channel, message("SM2", "Again"));

        await(() -> FakeMessengers.sentTo(customer).size() == 2);
        JsonNode first = FakeMessengers.sentTo(customer).getFirst();
        assertThat(first.path("Body").asText()).isEqualTo("You said: Hello");
        assertThat(first.path("From").asText()).isEqualTo(number);
        assertThat(first.path("StatusCallback").asText())
                .startsWith(PUBLIC + "/webhooks/twilio/" + channel + "/status?ref=");
        assertThat(FakeMessengers.sentTo(customer).getLast().path("Body").asText())
                .isEqualTo("You said: Again");
        assertThat(text("select distinct channel from app.conversation where tenant_id = '" + tenant + "'"))
                .isEqualTo("sms");
    }

    @Test
    void whatAPersonLetsTheCustomerChooseIsNumberedLines() {
        String channel = connect();
        post(channel, message("SM1", "Hello"));
        await(() -> FakeMessengers.sentTo(customer).size() == 1);
        String conversation = text("select id from app.conversation where tenant_id = '" + tenant + "'");

        member(tenant)
                .body(Map.of(
                        "text",
                        "When?",
                        "buttons",
                        List.of(Map.of("id", "a", "title", "Today"), Map.of("id", "b", "title", "Tomorrow"))))
                .post("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .statusCode(201)
                .body("message.text", equalTo("When?\n\n1. Today\n2. Tomorrow"))
                .body("message.buttons", nullValue());

        await(() -> FakeMessengers.sentTo(customer).size() == 2);
        assertThat(FakeMessengers.sentTo(customer).getLast().path("Body").asText())
                .isEqualTo("When?\n\n1. Today\n2. Tomorrow");
    }

    @Test
    void statusesSayHowFarASendCame() {
        String channel = connect();
        post(channel, message("SM1", "Hello"));
        await(() -> "SENT".equals(text("select state from app.send_intent where tenant_id = '" + tenant + "'")));
        String sid = text("select provider_message_id from app.send_intent where tenant_id = '" + tenant + "'");

        status(channel, sid, "delivered", Map.of());
        status(channel, sid, "delivered", Map.of());
        status(channel, sid, "sent", Map.of());

        assertThat(text("select delivery from app.send_intent where tenant_id = '" + tenant + "'"))
                .isEqualTo("delivered");
        assertThat(count("select count(*) from app.inbound_event where event_id = '" + sid
                        + ":delivered' and raw is null and tenant_id = '" + tenant + "'"))
                .isEqualTo(1);
    }

    @Test
    void aLateWordThatACustomerWantsNothingMoreIsObeyed() {
        String channel = connect();
        post(channel, message("SM1", "Hello"));
        await(() -> "SENT".equals(text("select state from app.send_intent where tenant_id = '" + tenant + "'")));
        String sid = text("select provider_message_id from app.send_intent where tenant_id = '" + tenant + "'");

        status(channel, sid, "failed", Map.of("ErrorCode", "21610"));

        assertThat(text("select delivery || ' ' || delivery_error from app.send_intent where tenant_id = '" + tenant
                        + "'"))
                .isEqualTo("failed 21610 failed");
        assertThat(text("select opt_out_word from app.contact where tenant_id = '" + tenant + "'"))
                .isEqualTo("told by the messenger");
    }

    private static void status(String channel, String sid, String status, Map<String, String> more) {
        Map<String, String> form =
                new TreeMap<>(Map.of("AccountSid", ACCOUNT, "MessageSid", sid, "MessageStatus", status));
        form.putAll(more);
        String path = "/webhooks/twilio/" + channel + "/status?ref=x";
        assertThat(signed(PUBLIC + path, form, token())
                        .formParams(form)
                        .post(path)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void onlyThatAccountsTokenSignsAndOnlyWhatWasSigned() {
        String channel = connect();
        Map<String, String> form = message("SM1", "Hello");
        String url = PUBLIC + "/webhooks/twilio/" + channel + "/sms";

        assertThat(signed(url, form, "another tenant's")
                        .formParams(form)
                        .post("/webhooks/twilio/" + channel + "/sms")
                        .statusCode())
                .isEqualTo(401);
        assertThat(signed(url.replace("http:", "https:"), form, token())
                        .formParams(form)
                        .post("/webhooks/twilio/" + channel + "/sms")
                        .statusCode())
                .isEqualTo(401);
        assertThat(signed(url.replace(":8080", ""), form, token())
                        .formParams(form)
                        .post("/webhooks/twilio/" + channel + "/sms")
                        .statusCode())
                .isEqualTo(200);
        assertThat(signed(url, Map.of(), token())
                        .contentType("application/json")
                        .body("{\"MessageSid\":\"SM9\"}")
                        .post("/webhooks/twilio/" + channel + "/sms")
                        .statusCode())
                .isEqualTo(401);
        assertThat(post(channel, Map.of("Body", "x")).statusCode()).isEqualTo(400);
        assertThat(RestAssured.given()
                        .formParams(form)
                        .post("/webhooks/twilio/" + channel + "/voice")
                        .statusCode())
                .isEqualTo(404);
        assertThat(RestAssured.given()
                        .formParams(form)
                        .post("/webhooks/twilio/" + channel)
                        .statusCode())
                .isEqualTo(404);
        assertThat(count("select count(*) from app.inbound_event where tenant_id = '" + tenant + "'"))
                .isEqualTo(1);
    }

    @Test
    void aRecipientWhoOptedOutEndsTheirSends() {
        String channel = connect();
        FakeMessengers.REFUSALS.put(customer, new int[] {400, 21610});
        post(channel, message("SM1", "Hello"));
        await(() -> "FAILED".equals(text("select state from app.send_intent where tenant_id = '" + tenant + "'")));
        assertThat(text("select last_error from app.send_intent where tenant_id = '" + tenant + "'"))
                .isEqualTo("21610 Words");

        post(channel, message("SM2", "Are you there?"));
        await(() -> "CONTACT_OPTED_OUT"
                .equals(text("select max(problem_code) from app.operation where state = 'REFUSED' and tenant_id = '"
                        + tenant + "'")));
        assertThat(text("select opt_out_word from app.contact where tenant_id = '" + tenant + "'"))
                .isEqualTo("told by the messenger");
        assertThat(FakeMessengers.sentTo(customer)).hasSize(1);

        post(channel, message("SM3", "START"));
        post(channel, message("SM4", "And now?"));
        await(() -> FakeMessengers.sentTo(customer).size() == 2);
    }

    private com.fasterxml.jackson.databind.node.ObjectNode listed(String sid, String body, int secondsAgo) {
        return FakeMessengers.JSON
                .createObjectNode()
                .put("sid", sid)
                .put("direction", "inbound")
                .put("from", customer)
                .put("to", number)
                .put("body", body)
                .put("num_media", "0")
                .put(
                        "date_created",
                        java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                java.time.OffsetDateTime.now(java.time.ZoneOffset.UTC)
                                        .minusSeconds(secondsAgo)));
    }

    private String connect() {
        return admin(tenant)
                .body(channel(Map.of("phone_number", number)))
                .post("/api/v1/channels")
                .then()
                .statusCode(201)
                .body("type", equalTo("twilio"))
                .body("display_name", equalTo(number))
                .extract()
                .path("id");
    }

    private void refused(Map<String, String> credentials, int status, String code) {
        admin(tenant)
                .body(channel(credentials))
                .post("/api/v1/channels")
                .then()
                .statusCode(status)
                .body("code", equalTo(code));
    }

    private static Map<String, Object> channel(Map<String, String> more) {
        Map<String, String> credentials = new TreeMap<>(Map.of("account_sid", ACCOUNT, "auth_token", token()));
        credentials.putAll(more);
        return Map.of("type", "twilio", "name", "SMS", "agent", "concierge", "credentials", credentials);
    }

    private static String token() {
        return FakeMessengers.AUTH_TOKEN;
    }

    private static String random() {
        return String.format("%07d", Math.abs(UUID.randomUUID().getMostSignificantBits() % 10_000_000L));
    }

    private Map<String, String> message(String sid, String body) {
        return new TreeMap<>(Map.of(
                "AccountSid",
                ACCOUNT,
                "MessageSid",
                sid,
                "From",
                customer,
                "To",
                number,
                "Body",
                body,
                "NumMedia",
                "0"));
    }

    private static Response post(String channel, Map<String, String> form) {
        return signed(PUBLIC + "/webhooks/twilio/" + channel + "/sms", form, token())
                .formParams(form)
                .post("/webhooks/twilio/" + channel + "/sms");
    }

    private static Response get(String channel, Map<String, String> form) {
        StringBuilder query = new StringBuilder("?");
        form.forEach((name, value) -> query.append(query.length() > 1 ? "&" : "")
                .append(name)
                .append('=')
                .append(java.net.URLEncoder.encode(value, StandardCharsets.UTF_8)));
        String path = "/webhooks/twilio/" + channel + "/sms" + query;
        return signed(PUBLIC + path, Map.of(), token())
                .urlEncodingEnabled(false)
                .get(path);
    }

    private static RequestSpecification signed(String url, Map<String, String> form, String token) {
        StringBuilder text = new StringBuilder(url);
        new TreeMap<>(form).forEach((name, value) -> text.append(name).append(value));
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(token.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return RestAssured.given()
                    .header(
                            "X-Twilio-Signature",
                            Base64.getEncoder()
                                    .encodeToString(mac.doFinal(text.toString().getBytes(StandardCharsets.UTF_8))));
        } catch (java.security.GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
