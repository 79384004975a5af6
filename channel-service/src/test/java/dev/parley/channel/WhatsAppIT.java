package dev.parley.channel;

import static dev.parley.channel.Channel.admin;
import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.execute;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class WhatsAppIT {
    private static final String NUMBER = "106540352242922";
    private static final String OTHER_NUMBER = "106540352242923";

    @Test
    void aNumberIsConnectedWithWhatToTypeAtMetaAndMetaIsAnswered() {
        TenantId tenant = newTenant();
        var connected = admin(tenant)
                .body(channel("token", Map.of()))
                .post("/api/v1/channels")
                .then()
                .statusCode(201)
                .body("display_name", equalTo("Shop +1 555-0100"))
                .body("signature_mode", equalTo("enforce"))
                .body(not(containsString(FakeMessengers.APP_SECRET)))
                .extract();
        String account = connected.path("id");
        String verify = connected.path("setup.verify_token");

        admin(tenant)
                .get("/api/v1/channels")
                .then()
                .body("items[0].setup", nullValue())
                .body(not(containsString(verify)));
        RestAssured.given()
                .queryParam("hub.mode", "subscribe")
                .queryParam("hub.challenge", "1158201444")
                .queryParam("hub.verify_token", verify)
                .get("/webhooks/whatsapp/" + account)
                .then()
                .statusCode(200)
                .contentType(containsString("text/plain"))
                .body(equalTo("1158201444"));
        RestAssured.given()
                .queryParam("hub.mode", "subscribe")
                .queryParam("hub.challenge", "1158201444")
                .queryParam("hub.verify_token", "guessed")
                .get("/webhooks/whatsapp/" + account)
                .then()
                .statusCode(403);
        admin(newTenant())
                .body(channel("wrong", Map.of()))
                .post("/api/v1/channels")
                .then()
                .statusCode(422)
                .body("code", equalTo("CHANNEL_REFUSED"));
        admin(newTenant())
                .body(channel(NUMBER, "token", Map.of(), "another-apps-secret"))
                .post("/api/v1/channels")
                .then()
                .statusCode(422);
        admin(tenant).post("/api/v1/channels/" + account + "/test").then().body("ok", equalTo(true));
        FakeMessengers.CALLBACKS.put(NUMBER, "https://elsewhere.example");
        admin(tenant)
                .post("/api/v1/channels/" + account + "/test")
                .then()
                .body("ok", equalTo(false))
                .body("checks.find { it.name == 'webhook' }.remedy", containsString("/webhooks/whatsapp/" + account));
        admin(tenant).delete("/api/v1/channels/" + account).then().statusCode(204);
        assertThat(FakeMessengers.CALLBACKS).containsEntry(NUMBER, "https://elsewhere.example");
    }

    @Test
    void whatOneNumberOfAnAppGetsForAnotherIsThatOnes() {
        TenantId tenant = newTenant();
        String first = connect(tenant);
        String second = connect(tenant, OTHER_NUMBER);
        assertThat(FakeMessengers.CALLBACKS.get(OTHER_NUMBER)).endsWith("/webhooks/whatsapp/" + second);
        String customer = customer();
        String body =
                notification(words("wamid.1" + customer, customer, "hi", now())).replace(NUMBER, OTHER_NUMBER);

        assertThat(deliver(first, body).statusCode()).isEqualTo(200);
        assertThat(deliver(first, body).statusCode()).isEqualTo(200);
        assertThat(deliver(second, body).statusCode()).isEqualTo(200);

        await(() -> FakeMessengers.sentTo(customer).size() == 1);
        assertThat(text("select string_agg(distinct channel_account_id::text, ' ') from app.conversation where"
                        + " tenant_id = '" + tenant + "'"))
                .isEqualTo(second);
        TenantId stranger = newTenant();
        String third = connect(stranger);
        String theirs =
                notification(words("wamid.2" + customer, customer, "hi", now())).replace(NUMBER, OTHER_NUMBER);
        assertThat(deliver(third, theirs).statusCode()).isEqualTo(200);
        assertThat(text("select kind from app.inbound_event where tenant_id = '" + stranger + "'"))
                .as("another tenant's number is nobody's here")
                .isEqualTo("of-another-number");
        assertThat(FakeMessengers.sentTo(customer)).hasSize(1);
    }

    @Test
    void aCustomersNewNumberGoesOnWithTheSamePerson() {
        TenantId tenant = newTenant();
        String account = connect(tenant);
        String before = customer();
        String after = customer();
        deliver(account, notification(words("wamid.1" + before, before, "hi", now())));
        await(() -> FakeMessengers.sentTo(before).size() == 1);

        deliver(
                account,
                notification("{\"from\":\"" + before + "\",\"id\":\"wamid.s" + before + "\",\"type\":\"system\","
                        + "\"system\":{\"type\":\"user_changed_number\",\"wa_id\":\"" + after + "\"}}"));
        deliver(account, notification(words("wamid.2" + before, after, "still me", now())));

        await(() -> FakeMessengers.sentTo(after).size() == 1);
        assertThat(count("select count(*) from app.conversation where tenant_id = '" + tenant + "'"))
                .isEqualTo(1);
        assertThat(count("select count(*) from app.contact where tenant_id = '" + tenant + "'"))
                .isEqualTo(1);
    }

    @Test
    void whatCannotBeStoredKeepsNothingElseBack() {
        TenantId tenant = newTenant();
        String account = connect(tenant);
        String customer = customer();
        String poison = "poison" + customer;
        execute("alter table app.message add constraint " + poison + " check (text <> '" + poison + "') not valid");
        try {
            String batch = notification(words("wamid.1" + customer, customer, "one", now()) + ","
                            + words("wamid.2" + customer, customer, poison, now()) + ","
                            + words("wamid.3" + customer, customer, "three", now()))
                    .replace("\"Ana\"", "\"A\\u0000na\\ud800\"");

            assertThat(deliver(account, batch).statusCode()).isEqualTo(200);
            assertThat(deliver(account, batch).statusCode()).isEqualTo(200);
        } finally {
            execute("alter table app.message drop constraint " + poison);
        }
        await(() -> FakeMessengers.sentTo(customer).size() == 1);
        assertThat(FakeMessengers.sentTo(customer)
                        .getFirst()
                        .path("text")
                        .path("body")
                        .asText())
                .isEqualTo("You said: one\nthree");
        assertThat(text("select kind || ' ' || raw from app.inbound_event where event_id = 'wamid.2" + customer + "'"))
                .isEqualTo("unreadable text");
        assertThat(text("select display_name from app.contact where tenant_id = '" + tenant + "'"))
                .isEqualTo("A\ufffdna\ufffd");
    }

    @Test
    void aCallBringsAThousandEventsAtMostAndOfStatusesNothingIsKeptTwice() {
        TenantId tenant = newTenant();
        String account = connect(tenant);

        assertThat(deliver(account, statuses(1000)).statusCode()).isEqualTo(200);
        assertThat(deliver(account, statuses(1001)).statusCode()).isEqualTo(400);

        assertThat(text("select count(*) || ' ' || coalesce(sum(length(raw)), 0) from app.inbound_event where"
                        + " tenant_id = '" + tenant + "'"))
                .isEqualTo("1000 0");
    }

    private static String statuses(int count) {
        String all = java.util.stream.IntStream.range(0, count)
                .mapToObj(i -> "{\"id\":\"x" + i + "\",\"status\":\"sent\",\"timestamp\":\"1\"}")
                .collect(java.util.stream.Collectors.joining(","));
        return "{\"entry\":[{\"changes\":[{\"field\":\"messages\",\"value\":{\"metadata\":{\"phone_number_id\":\""
                + NUMBER + "\"},\"statuses\":[" + all + "]}}]}]}";
    }

    @Test
    void aWindowThatMetaSaysIsClosedHoldsTheAnswerWheneverItSaysSo() {
        TenantId tenant = newTenant();
        String account = connect(tenant);
        String customer = customer();
        FakeMessengers.REFUSALS.put(customer, new int[] {400, 131047});
        deliver(account, notification(words("wamid.1" + customer, customer, "first", now())));
        await(() -> "HELD".equals(text("select state from app.send_intent where tenant_id = '" + tenant + "'")));
        assertThat(text("select last_error from app.send_intent where tenant_id = '" + tenant + "'"))
                .isEqualTo("131047 Words");

        deliver(account, notification(words("wamid.2" + customer, customer, "second", now())));
        await(() -> FakeMessengers.sentTo(customer).size() == 3);
        await(() -> count("select count(*) from app.send_intent where state = 'SENT' and tenant_id = '" + tenant + "'")
                == 2);

        String late = text("select provider_message_id from app.send_intent where tenant_id = '" + tenant
                + "' order by place desc limit 1");
        deliver(
                account,
                "{\"entry\":[{\"changes\":[{\"field\":\"messages\",\"value\":{\"metadata\":{\"phone_number_id\":\""
                        + NUMBER + "\"},\"statuses\":[{\"id\":\"" + late + "\",\"status\":\"failed\",\"timestamp\":\""
                        + now() + "\",\"errors\":[{\"code\":131047,\"title\":\"Re-engagement message\"}]}]}}]}]}");
        assertThat(text("select string_agg(state, ' ' order by place) from app.send_intent where tenant_id = '" + tenant
                        + "'"))
                .isEqualTo("SENT HELD");
        assertThat(text("select last_inbound_at from app.conversation where tenant_id = '" + tenant + "'"))
                .isNull();

        deliver(account, notification(words("wamid.3" + customer, customer, "third", now())));
        await(() -> FakeMessengers.sentTo(customer).size() == 5);
        assertThat(FakeMessengers.sentTo(customer).stream()
                        .map(sent -> sent.path("text").path("body").asText())
                        .toList()
                        .subList(3, 5))
                .containsExactly("You said: second", "You said: third");
    }

    @Test
    void aBatchIsAnsweredOnceAndInItsOrder() {
        TenantId tenant = newTenant();
        String account = connect(tenant);
        String customer = customer();
        String batch = notification(words("wamid.1" + customer, customer, "one", now()) + ","
                + words("wamid.2" + customer, customer, "two", now()));

        assertThat(deliver(account, batch).statusCode()).isEqualTo(200);
        assertThat(deliver(account, batch).asString()).isEmpty();

        await(() -> FakeMessengers.sentTo(customer).size() == 1);
        JsonNode first = FakeMessengers.sentTo(customer).getFirst();
        assertThat(first.path("text").path("body").asText()).isEqualTo("You said: one\ntwo");
        assertThat(first.path("messaging_product").asText()).isEqualTo("whatsapp");
        assertThat(text("select string_agg(id::text, ' ' order by id) from app.send_intent where tenant_id = '" + tenant
                        + "'"))
                .contains(first.path("biz_opaque_callback_data").asText());
        assertThat(count("select count(*) from app.operation where tenant_id = '" + tenant + "'"))
                .isEqualTo(2);
        admin(tenant).get("/api/v1/contacts").then().body("items[0].display_name", equalTo("Ana"));
    }

    @Test
    void onlyThatAppsSecretSigns() {
        TenantId tenant = newTenant();
        String account = connect(tenant);
        String customer = customer();
        String body = notification(words("wamid.1" + customer, customer, "hi", now()));

        assertThat(deliver(account, body, sign("another tenant's", body)).statusCode())
                .isEqualTo(401);
        assertThat(deliver(account, body + " ", sign(FakeMessengers.APP_SECRET, body))
                        .statusCode())
                .isEqualTo(401);
        assertThat(deliver(account, body, null).statusCode()).isEqualTo(401);
        assertThat(deliver(account, "{}").statusCode()).isEqualTo(400);
        assertThat(count("select count(*) from app.inbound_event where tenant_id = '" + tenant + "'"))
                .isZero();
    }

    @Test
    void anAnswerAfterTheWindowIsHeldUntilTheCustomerWritesAgain() {
        TenantId tenant = newTenant();
        String account = connect(tenant);
        String customer = customer();

        deliver(account, notification(words("wamid.1" + customer, customer, "late", now() - 86_401)));

        await(() -> "HELD".equals(text("select state from app.send_intent where tenant_id = '" + tenant + "'")));
        assertThat(text("select last_error from app.send_intent where tenant_id = '" + tenant + "'"))
                .startsWith("held: the customer wrote too long ago");
        assertThat(FakeMessengers.sentTo(customer)).isEmpty();

        deliver(account, notification(words("wamid.2" + customer, customer, "again", now())));

        await(() -> FakeMessengers.sentTo(customer).size() == 2);
        assertThat(FakeMessengers.sentTo(customer))
                .extracting(sent -> sent.path("text").path("body").asText())
                .containsExactly("You said: late", "You said: again");
    }

    @Test
    void anAnswerThatIsHeldGivesItsTurnBack() {
        TenantId tenant = newTenant();
        String account = connect(tenant);
        String customer = customer();
        execute("insert into app.channel_pace (tenant_id, channel_account_id, busy_until, queue_until, rests_until)"
                + " values ('" + tenant + "', '" + account + "', now() + interval '1 hour', now() + interval '1 hour',"
                + " now() + interval '1 hour')");
        deliver(account, notification(words("wamid.1" + customer, customer, "hi", now())));
        await(() -> count("select count(*) from app.send_intent where turn_at > now() + interval '50 minutes'"
                        + " and tenant_id = '" + tenant + "'")
                == 1);

        execute("update app.conversation set last_inbound_at = now() - interval '25 hours' where tenant_id = '" + tenant
                + "'");
        execute("update app.send_intent set due_at = now() - interval '3 seconds' where tenant_id = '" + tenant + "'");

        await(() -> "HELD".equals(text("select state from app.send_intent where tenant_id = '" + tenant + "'")));
        assertThat(text("select turn_at from app.send_intent where tenant_id = '" + tenant + "'"))
                .isNull();
    }

    @Test
    void aHeldAnswerIsAnnouncedByTheTenantsTemplateOnce() {
        TenantId tenant = newTenant();
        String account = connect(tenant);
        String customer = customer();
        admin(tenant)
                .body(Map.of("held_template", Map.of("name", "answer_ready", "language", "en_US")))
                .patch("/api/v1/channels/" + account)
                .then()
                .statusCode(200)
                .body("held_template.name", equalTo("answer_ready"));
        deliver(account, notification(words("wamid.1" + customer, customer, "late", now() - 86_401)));
        await(() -> FakeMessengers.sentTo(customer).size() == 1);
        deliver(account, notification(words("wamid.2" + customer, customer, "also late", now() - 86_400)));
        await(() -> count("select count(*) from app.send_intent where state = 'HELD' and tenant_id = '" + tenant + "'")
                == 2);
        JsonNode template = FakeMessengers.sentTo(customer).getFirst().path("template");
        assertThat(template.path("name").asText()).isEqualTo("answer_ready");
        assertThat(template.path("language").path("code").asText()).isEqualTo("en_US");

        deliver(account, notification(words("wamid.3" + customer, customer, "here", now())));

        await(() -> FakeMessengers.sentTo(customer).size() == 4);
        assertThat(FakeMessengers.sentTo(customer).stream()
                        .skip(1)
                        .map(sent -> sent.path("text").path("body").asText()))
                .containsExactly("You said: late", "You said: also late", "You said: here");
        admin(tenant)
                .body(Map.of("held_template", Map.of("name", "", "language", "")))
                .patch("/api/v1/channels/" + account)
                .then()
                .statusCode(200)
                .body("held_template", nullValue());
    }

    @Test
    void limitsAreWaitedForAndWhatNobodyCanGetIsNot() {
        TenantId tenant = newTenant();
        String account = connect(tenant);
        String busy = customer();
        String gone = customer();
        FakeMessengers.REFUSALS.put(busy, new int[] {400, 130429});
        FakeMessengers.REFUSALS.put(gone, new int[] {400, 131026});

        deliver(account, notification(words("wamid.1" + busy, busy, "hi", now())));
        deliver(account, notification(words("wamid.1" + gone, gone, "hi", now())));

        await(() -> FakeMessengers.sentTo(busy).size() == 2);
        await(() -> "FAILED"
                .equals(text("select s.state from app.send_intent s join app.conversation c on"
                        + " c.id = s.conversation_id where c.recipient = '" + gone + "'")));
        assertThat(text("select last_error from app.send_intent where state = 'FAILED' and tenant_id = '" + tenant
                        + "'"))
                .isEqualTo("131026 Words");
        assertThat(FakeMessengers.sentTo(gone)).hasSize(1);
    }

    @Test
    void whatNobodyAnswersIsKeptAndAccepted() {
        TenantId tenant = newTenant();
        String account = connect(tenant);
        String customer = customer();
        String body = notification("{\"from\":\"" + customer + "\",\"id\":\"wamid.r\",\"timestamp\":\"1\","
                + "\"type\":\"reaction\",\"reaction\":{\"emoji\":\"\"}},"
                + "{\"from\":\"" + customer + "\",\"id\":\"wamid.h\",\"type\":\"hologram\"}");

        assertThat(deliver(account, body).statusCode()).isEqualTo(200);
        assertThat(deliver(account, body).statusCode()).isEqualTo(200);

        assertThat(text("select string_agg(kind, ' ' order by kind) from app.inbound_event where tenant_id = '" + tenant
                        + "'"))
                .isEqualTo("hologram reaction");
    }

    @Test
    void strangeTextsAreStoredAndAnsweredInOrder() {
        TenantId tenant = newTenant();
        String account = connect(tenant);
        String customer = customer();
        List<String> texts = List.of(
                "\u0645\u0631\u062d\u0628\u0627 \u202e\u0643\u064a\u0641",
                "\ud83d\ude00\ud83d\udc69\u200d\ud83d\udc67",
                "a\\u0000b\\u0007c\\ud800d",
                "x".repeat(40_000));

        for (int i = 0; i < texts.size(); i++) {
            String body = notification(words("wamid." + i + customer, customer, texts.get(i), now()));
            assertThat(deliver(account, body).statusCode()).isEqualTo(200);
        }

        await(() -> FakeMessengers.sentTo(customer).size() >= 4);
        assertThat(text("select string_agg(text, '|' order by seq) from app.message where part = 0 and tenant_id = '"
                        + tenant + "'"))
                .isEqualTo(texts.get(0) + "|" + texts.get(1) + "|a\ufffdb\u0007c\ufffdd|" + "x".repeat(32_000));
        assertThat(FakeMessengers.sentTo(customer))
                .allMatch(sent -> sent.path("text").path("body").asText().length() <= 4096);
    }

    static String connect(TenantId tenant) {
        return connect(tenant, NUMBER);
    }

    private static String connect(TenantId tenant, String number) {
        return admin(tenant)
                .body(channel(number, "token", Map.of("verify_token", "v")))
                .post("/api/v1/channels")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static Map<String, Object> channel(String token, Map<String, String> more) {
        return channel(NUMBER, token, more);
    }

    private static Map<String, Object> channel(String number, String token, Map<String, String> more) {
        return channel(number, token, more, FakeMessengers.APP_SECRET);
    }

    private static Map<String, Object> channel(
            String number, String token, Map<String, String> more, String appSecret) {
        Map<String, String> credentials = new java.util.HashMap<>(more);
        credentials.putAll(Map.of("phone_number_id", number, "access_token", token, "app_secret", appSecret));
        return Map.of("type", "whatsapp", "name", "Shop", "agent", "concierge", "credentials", credentials);
    }

    private static String customer() {
        return "1650" + Math.abs(UUID.randomUUID().getMostSignificantBits() % 10_000_000L);
    }

    private static long now() {
        return Instant.now().getEpochSecond();
    }

    static String words(String id, String from, String text, long at) {
        return "{\"from\":\"%s\",\"id\":\"%s\",\"timestamp\":\"%d\",\"type\":\"text\",\"text\":{\"body\":\"%s\"}}"
                .formatted(from, id, at, text);
    }

    static String notification(String messages) {
        String from = messages.replaceFirst("(?s).*?\"from\":\"(\\d+)\".*", "$1");
        return "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"1\",\"changes\":[{\"field\":\"messages\",\"value\":"
                + "{\"messaging_product\":\"whatsapp\",\"metadata\":{\"phone_number_id\":\"" + NUMBER
                + "\"},\"contacts\":[{"
                + "\"wa_id\":\"" + from + "\",\"profile\":{\"name\":\"Ana\"}}],\"messages\":[" + messages + "]}}]}]}";
    }

    static Response deliver(String account, String body) {
        return deliver(account, body, sign(FakeMessengers.APP_SECRET, body));
    }

    private static Response deliver(String account, String body, String signature) {
        var request = RestAssured.given().contentType("application/json").body(body);
        return (signature == null ? request : request.header("X-Hub-Signature-256", signature))
                .post("/webhooks/whatsapp/" + account);
    }

    private static String sign(String secret, String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
