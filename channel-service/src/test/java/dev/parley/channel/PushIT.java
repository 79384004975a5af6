package dev.parley.channel;

import static dev.parley.channel.Channel.admin;
import static dev.parley.channel.Channel.as;
import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.conversation;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.execute;
import static dev.parley.channel.Channel.member;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.pause;
import static dev.parley.channel.Channel.send;
import static dev.parley.channel.Channel.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channel.FakeFcm.Refusal;
import dev.parley.channel.adapter.fcm.KeyFiles;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Devices are registered, and notified of answers that nobody read as they came. */
@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class PushIT {
    private static final Duration GRACE_AND_MORE = Duration.ofMillis(1500);
    private final TenantId tenant = newTenant();
    private final String project = "shop-" + UUID.randomUUID().toString().substring(0, 8);
    private final String token = "device:" + UUID.randomUUID();

    @TestHTTPResource
    URI server;

    @Test
    void aTokenIsRegisteredOnceReplacedAndForgotten() {
        String channel = connect(tenant, Map.of());
        String conversation = conversation(tenant, "concierge");

        String device = register(conversation, token, Map.of("language", "de"))
                .statusCode(201)
                .body("channel_id", equalTo(channel))
                .body("conversation_id", equalTo(conversation))
                .body("platform", equalTo("android"))
                .body("language", equalTo("de"))
                .body("token", nullValue())
                .extract()
                .path("id");
        register(conversation, token, Map.of())
                .statusCode(200)
                .body("id", equalTo(device))
                .body("language", equalTo("de"));
        assertThat(text("select encode(token, 'escape') from app.push_device where id = '" + device + "'"))
                .doesNotContain(token);

        String renewed = token + "-2";
        register(conversation, renewed, Map.of()).statusCode(201);
        member(tenant)
                .body(Map.of("token", renewed))
                .patch(devices(conversation) + "/" + device)
                .then()
                .statusCode(200)
                .body("id", equalTo(device));
        member(tenant).get(devices(conversation)).then().body("items.id", equalTo(List.of(device)));
        register(conversation, renewed, Map.of()).statusCode(200).body("id", equalTo(device));

        member(tenant).delete(devices(conversation) + "/" + device).then().statusCode(204);
        member(tenant).delete(devices(conversation) + "/" + device).then().statusCode(404);
        member(tenant).get(devices(conversation)).then().body("items", hasSize(0));
    }

    @Test
    void nobodyElsesDeviceIsSeenOrChanged() {
        connect(tenant, Map.of());
        String conversation = conversation(tenant, "concierge");
        String device = register(conversation, token, Map.of())
                .statusCode(201)
                .extract()
                .path("id");
        TenantId other = newTenant();
        connect(other, Map.of());

        String path = devices(conversation);
        member(other)
                .body(Map.of("token", token, "platform", "ios"))
                .post(path)
                .then()
                .statusCode(404);
        member(other).get(path).then().statusCode(404);
        member(other)
                .body(Map.of("language", "fr"))
                .patch(path + "/" + device)
                .then()
                .statusCode(404);
        member(other).delete(path + "/" + device).then().statusCode(404);
        as(TestTokens.apiKey(tenant, "read"))
                .body(Map.of("token", token, "platform", "ios"))
                .post(path)
                .then()
                .statusCode(403);
        member(tenant).get(path).then().body("items.id", equalTo(List.of(device)));
    }

    @Test
    void whatIsMissingIsTold() {
        String conversation = conversation(tenant, "concierge");
        register(conversation, token, Map.of()).statusCode(409).body("code", equalTo("PUSH_NOT_CONNECTED"));
        connect(tenant, Map.of());
        register(conversation, "short", Map.of()).statusCode(422).body("errors.pointer", hasItem("/token"));
        register(conversation, token, Map.of("platform", "fridge")).statusCode(422);
        register(conversation, token, Map.of("contact_id", UUID.randomUUID().toString()))
                .statusCode(422)
                .body("errors.pointer", hasItem("/contact_id"));
        register(conversation, token, Map.of("channel_id", UUID.randomUUID().toString()))
                .statusCode(422)
                .body("errors.pointer", hasItem("/channel_id"));
        for (int i = 0; i < 10; i++) {
            register(conversation, token + "-" + i, Map.of()).statusCode(201);
        }
        register(conversation, token, Map.of()).statusCode(409).body("code", equalTo("DEVICE_LIMIT"));
        register(conversation, token + "-3", Map.of()).statusCode(200);
    }

    @Test
    void whoLeftIsNotifiedAndWhoReadsIsNot() throws Exception {
        connect(tenant, Map.of());
        String conversation = conversation(tenant, "patient");
        register(conversation, token, Map.of()).statusCode(201);

        String message = leave(conversation, "Where is *my* order?");

        await(() -> FakeFcm.sentTo(token).size() == 1);
        JsonNode told = FakeFcm.sentTo(token).getFirst();
        assertThat(told.path("notification").toString())
                .isEqualTo("{\"title\":\"App ✓\",\"body\":\"You said: Where is *my* order?\"}");
        assertThat(told.path("data").toString())
                .isEqualTo("{\"conversation_id\":\"" + conversation + "\",\"message_id\":\"" + message + "\"}");
        await(() -> states(conversation).equals("SENT"));

        FakeFcm.endTokens(project);
        Fakes.GATES.put(tenant.toString(), new CountDownLatch(0));
        String read =
                send(tenant, conversation, "And now?").statusCode(201).extract().path("reply.id");
        await(() -> "READ".equals(state(read)));
        member(tenant)
                .header("Accept", "text/event-stream")
                .body(Map.of("text", "As a stream?"))
                .post("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .statusCode(200);
        await(() -> states(conversation).equals("SENT READ READ"));
        pause(GRACE_AND_MORE);
        assertThat(FakeFcm.sentTo(token)).hasSize(1);
        assertThat(states(conversation)).isEqualTo("SENT READ READ");

        // Whose access token ended before its time gets a new one, once.
        leave(conversation, "Again");
        await(() -> FakeFcm.sentTo(token).size() == 2);
    }

    @Test
    void whatAPersonWritesIsToldAsAnAnswerIs() {
        connect(tenant, Map.of());
        String conversation = conversation(tenant, "concierge");
        register(conversation, token, Map.of()).statusCode(201);

        String message = admin(tenant)
                .body(Map.of("text", "Your parcel is here", "as", "staff"))
                .post("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .statusCode(201)
                .extract()
                .path("message.id");

        await(() -> FakeFcm.sentTo(token).size() == 1);
        JsonNode told = FakeFcm.sentTo(token).getFirst();
        assertThat(told.at("/notification/body").asText()).isEqualTo("Your parcel is here");
        assertThat(told.at("/data/message_id").asText()).isEqualTo(message);
    }

    @Test
    void whoListensAtASocketHasReadIt() throws Exception {
        connect(tenant, Map.of());
        String conversation = conversation(tenant, "patient");
        register(conversation, token, Map.of()).statusCode(201);
        HttpClient client = HttpClient.newHttpClient();
        WebSocket own = listen(client, TestTokens.member(tenant, "member"));

        leave(conversation, "first");
        await(() -> states(conversation).equals("READ"));
        own.abort();
        await(() -> {
            pause(Duration.ofMillis(200));
            return own.isInputClosed();
        });
        // Somebody else who listens reads nothing for the customer.
        WebSocket staff = listen(client, TestTokens.token(tenant, "somebody", List.of("member"), List.of("read")));
        leave(conversation, "second");
        await(() -> FakeFcm.sentTo(token).size() == 1);
        assertThat(FakeFcm.sentTo(token)
                        .getFirst()
                        .path("notification")
                        .path("body")
                        .asText())
                .isEqualTo("You said: second");
        staff.abort();
    }

    @Test
    void previewsAreLeftOutWhereTheTenantSaysSo() throws Exception {
        connect(tenant, Map.of("previews", "off"));
        String conversation = conversation(tenant, "patient");
        register(conversation, token, Map.of("language", "de-CH")).statusCode(201);

        leave(conversation, "My secret");

        await(() -> FakeFcm.sentTo(token).size() == 1);
        assertThat(FakeFcm.sentTo(token).toString())
                .contains("Sie haben eine neue Antwort.")
                .doesNotContain("secret");
    }

    @Test
    void anAppThatIsGoneIsForgottenEverywhere() throws Exception {
        connect(tenant, Map.of());
        String conversation = conversation(tenant, "patient");
        String elsewhere = conversation(tenant, "patient");
        String stays = token + "-stays";
        register(conversation, token, Map.of()).statusCode(201);
        register(elsewhere, token, Map.of()).statusCode(201);
        register(elsewhere, stays, Map.of()).statusCode(201);
        FakeFcm.refuse(token, new Refusal(404, "NOT_FOUND", "UNREGISTERED"));

        leave(conversation, "hello");

        await(() -> count("select count(*) from app.push_device where tenant_id = '" + tenant + "'") == 1);
        member(tenant).get(devices(elsewhere)).then().body("items", hasSize(1));
        assertThat(states(conversation)).isEqualTo("DROPPED");
        leave(conversation, "hello again");
        leave(elsewhere, "hello there");
        await(() -> FakeFcm.sentTo(stays).size() == 1);
        assertThat(FakeFcm.sentTo(token)).hasSize(1);
    }

    @Test
    void aVendorThatIsBusyIsLeftAloneAndThenTold() throws Exception {
        String channel = connect(tenant, Map.of());
        String conversation = conversation(tenant, "patient");
        register(conversation, token, Map.of()).statusCode(201);
        FakeFcm.refuse(token, new Refusal(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", "4"));

        leave(conversation, "hello");

        await(() -> FakeFcm.sentTo(token).size() == 1);
        await(() -> states(conversation).equals("PENDING"));
        test(channel).body("ok", equalTo(false)).body("checks.detail", hasItem("429 QUOTA_EXCEEDED: Words"));
        pause(Duration.ofMillis(800));
        assertThat(FakeFcm.sentTo(token)).hasSize(1);
        await(() -> FakeFcm.sentTo(token).size() == 2);
        await(() -> states(conversation).equals("SENT"));
        test(channel).body("ok", equalTo(true));
    }

    @Test
    void whatTheVendorCannotDoForTheAccountIsShownThere() throws Exception {
        String channel = connect(tenant, Map.of());
        String conversation = conversation(tenant, "patient");
        register(conversation, token, Map.of()).statusCode(201);
        FakeFcm.refuse(token, new Refusal(401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR"));

        leave(conversation, "hello");

        await(() -> states(conversation).equals("REFUSED"));
        test(channel).body("checks.detail", hasItem("401 THIRD_PARTY_AUTH_ERROR: Words"));
        assertThat(FakeFcm.sentTo(token)).hasSize(1);
        // The vendor's words about one device hold up no other.
        leave(conversation, "again");
        await(() -> states(conversation).equals("REFUSED SENT"));
        test(channel).body("ok", equalTo(true));
    }

    @Test
    void whatMayHaveBeenShownIsNotShownAgain() throws Exception {
        connect(tenant, Map.of());
        String conversation = conversation(tenant, "patient");
        register(conversation, token, Map.of()).statusCode(201);
        FakeFcm.refuse(token, new Refusal(0, "", null));

        leave(conversation, "hello");

        await(() -> states(conversation).equals("AMBIGUOUS"));
        // Nor what a process that died was sending.
        leave(conversation, "hello again");
        await(() -> states(conversation).equals("AMBIGUOUS SENT"));
        execute("update app.push_notice set state = 'SENDING', due_at = now() where tenant_id = '" + tenant
                + "' and state = 'SENT'");
        await(() -> states(conversation).equals("AMBIGUOUS AMBIGUOUS"));
        pause(GRACE_AND_MORE);
        assertThat(FakeFcm.sentTo(token)).hasSize(2);
    }

    @Test
    void aRestThatBeganWhileSomethingWasSentStays() throws Exception {
        String channel = connect(tenant, Map.of());
        String conversation = conversation(tenant, "patient");
        register(conversation, token, Map.of()).statusCode(201);
        execute("insert into app.channel_trouble (tenant_id, channel_account_id, reason) values ('" + tenant + "', '"
                + channel + "', 'old')");
        CountDownLatch gate = new CountDownLatch(1);
        FakeFcm.GATES.put(token, gate);

        leave(conversation, "hello");
        await(() -> FakeFcm.sentTo(token).size() == 1);
        execute("update app.channel_trouble set reason = 'new', paused_until = now() + interval '1 hour'"
                + " where channel_account_id = '" + channel + "'");
        gate.countDown();

        await(() -> states(conversation).equals("SENT"));
        assertThat(text("select reason from app.channel_trouble where channel_account_id = '" + channel + "'"))
                .isEqualTo("new");
        execute("update app.channel_trouble set paused_until = now() where channel_account_id = '" + channel + "'");
        leave(conversation, "again");
        await(() -> states(conversation).equals("SENT SENT"));
        assertThat(count("select count(*) from app.channel_trouble where channel_account_id = '" + channel + "'"))
                .isZero();
    }

    @Test
    void anAccessTokenIsAskedForOnceHoweverManyWantIt() throws Exception {
        connect(tenant, Map.of());
        String conversation = conversation(tenant, "patient");
        for (int i = 0; i < 10; i++) {
            register(conversation, token + "-" + i, Map.of()).statusCode(201);
        }
        FakeFcm.endTokens(project);

        leave(conversation, "hello");
        await(() -> states(conversation).equals("SENT".concat(" SENT".repeat(9))));
        assertThat(FakeFcm.tokensOf(project)).isEqualTo(1);

        FakeFcm.endTokens(project);
        leave(conversation, "again");
        await(() -> states(conversation).equals("SENT".concat(" SENT".repeat(19))));
        assertThat(FakeFcm.tokensOf(project)).isEqualTo(1);
    }

    @Test
    void aBacklogThatRestsHoldsUpNobodyElse() throws Exception {
        TenantId busy = newTenant();
        String resting = connect(busy, Map.of());
        backlog(busy, resting, 8_000);
        connect(tenant, Map.of());
        String conversation = conversation(tenant, "patient");
        register(conversation, token, Map.of()).statusCode(201);
        String due = "select count(*) from app.push_notice where tenant_id = '" + busy + "' and due_at <= now()";
        assertThat(count(due)).isEqualTo(8_000);

        execute("update app.push_notice set state = 'PENDING' where tenant_id = '" + busy + "'");
        leave(conversation, "hello");

        await(Duration.ofSeconds(20), () -> states(conversation).equals("SENT"));
        await(Duration.ofSeconds(20), () -> count(due) == 0);
        assertThat(text("select string_agg(distinct state, ' ') from app.push_notice where tenant_id = '" + busy + "'"))
                .isEqualTo("PENDING");
        execute("update app.push_notice set expires_at = now(), due_at = now() where tenant_id = '" + busy + "'");
        await(Duration.ofSeconds(20), () -> count(due + " and state <> 'EXPIRED'") == 0);
    }

    @Test
    void aNoticeThatCannotBePreparedHoldsUpNoOther() throws Exception {
        connect(tenant, Map.of());
        String conversation = conversation(tenant, "patient");
        String broken = register(conversation, token + "-broken", Map.of())
                .statusCode(201)
                .extract()
                .path("id");
        execute("update app.push_device set token = '\\x00' where id = '" + broken + "'");
        register(conversation, token, Map.of()).statusCode(201);

        leave(conversation, "hello");

        await(() -> FakeFcm.sentTo(token).size() == 1);
        await(() -> "DROPPED".equals(text("select state from app.push_notice where device_id = '" + broken + "'")));
    }

    @Test
    void whoeverADeviceIsGivenToMustHaveRoom() {
        connect(tenant, Map.of());
        String conversation = conversation(tenant, "concierge");
        String ana = contact("Ana");
        for (int i = 0; i < 10; i++) {
            register(conversation(tenant, "concierge"), token + "-" + i, Map.of("contact_id", ana))
                    .statusCode(201);
        }
        String device = register(conversation, token, Map.of())
                .statusCode(201)
                .extract()
                .path("id");

        register(conversation, token, Map.of("contact_id", ana)).statusCode(409).body("code", equalTo("DEVICE_LIMIT"));
        register(conversation, token + "-9", Map.of("contact_id", ana)).statusCode(201);
        member(tenant).delete(devices(conversation) + "/" + device).then().statusCode(204);
    }

    @Test
    void whoOptedOutIsToldNothingAndAMergeMovesDevices() throws Exception {
        connect(tenant, Map.of());
        String conversation = conversation(tenant, "patient");
        String ana = contact("Ana");
        String twin = contact("Ana again");
        register(conversation, token, Map.of("contact_id", ana)).statusCode(201);

        member(tenant)
                .body(Map.of("into", twin))
                .post("/api/v1/contacts/" + ana + "/merge")
                .then()
                .statusCode(200);
        member(tenant).get(devices(conversation)).then().body("items[0].contact_id", equalTo(twin));
        member(tenant)
                .body(Map.of("opted_out", true))
                .patch("/api/v1/contacts/" + twin)
                .then()
                .statusCode(200);
        leave(conversation, "hello");

        await(() -> states(conversation).equals("DROPPED"));
        assertThat(FakeFcm.sentTo(token)).isEmpty();
    }

    @Test
    void aMemberWhoWasRemovedIsToldNothing() {
        connect(tenant, Map.of());
        String conversation = conversation(tenant, "concierge");
        register(conversation, token, Map.of()).statusCode(201);
        as(TestTokens.apiKey(tenant, "chat"))
                .body(Map.of("token", token + "-key", "platform", "web"))
                .post(devices(conversation))
                .then()
                .statusCode(201);
        String subject = text(
                "select created_by from app.push_device where tenant_id = '" + tenant + "' and platform = 'android'");

        SocketIT.publish(
                "auth.tenant.events",
                "auth.member-removed.v1",
                tenant,
                tenant.toString(),
                subject,
                "{\"user_id\":\"" + subject + "\"}");

        await(() -> count("select count(*) from app.push_device where tenant_id = '" + tenant + "'") == 1);
        member(tenant).get(devices(conversation)).then().body("items[0].platform", equalTo("web"));
    }

    @Test
    void credentialsThatAreNoneAreToldApart() throws Exception {
        admin(tenant)
                .body(channel(Map.of("service_account", "{\"type\":\"service_account\"}")))
                .post("/api/v1/channels")
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItem("/credentials/service_account"));
        admin(tenant)
                .body(channel(Map.of(
                        "service_account",
                        KeyFiles.file(project, KeyFiles.pair(2048)).toString())))
                .post("/api/v1/channels")
                .then()
                .statusCode(422)
                .body("code", equalTo("CHANNEL_REFUSED"))
                .body("detail", equalTo("Google refuses the service account: Invalid JWT Signature."));
        String channel = connect(tenant, Map.of());
        test(channel).body("ok", equalTo(true)).body("checks.name", equalTo(List.of("credentials", "sending", "plan")));
        FakeFcm.CLOSED.add(project);
        test(channel).body("ok", equalTo(false)).body("checks[0].name", equalTo("credentials"));
        FakeFcm.CLOSED.remove(project);
        admin(tenant)
                .body(Map.of("credentials", Map.of("previews", "off")))
                .patch("/api/v1/channels/" + channel)
                .then()
                .statusCode(200)
                .body("webhook_url", nullValue());
        admin(tenant).delete("/api/v1/channels/" + channel).then().statusCode(204);
    }

    private String connect(TenantId of, Map<String, String> more) {
        Map<String, String> credentials = new HashMap<>(more);
        credentials.put("service_account", KeyFiles.file(project, FakeFcm.PAIR).toString());
        return admin(of)
                .body(channel(credentials))
                .post("/api/v1/channels")
                .then()
                .statusCode(201)
                .body("display_name", equalTo(project))
                .extract()
                .path("id");
    }

    private static Map<String, Object> channel(Map<String, String> credentials) {
        return Map.of("type", "fcm", "name", "App ✓", "agent", "concierge", "credentials", credentials);
    }

    private ValidatableResponse register(String conversation, String device, Map<String, String> more) {
        Map<String, String> body = new HashMap<>(Map.of("token", device, "platform", "android"));
        body.putAll(more);
        return member(tenant).body(body).post(devices(conversation)).then();
    }

    private static String devices(String conversation) {
        return "/api/v1/conversations/" + conversation + "/devices";
    }

    private ValidatableResponse test(String channel) {
        return admin(tenant)
                .body(Map.of())
                .post("/api/v1/channels/" + channel + "/test")
                .then()
                .statusCode(200);
    }

    /** Gives a tenant devices whose channel rests, and as many notices of one answer that nobody looks at yet. */
    private static void backlog(TenantId of, String channel, int size) {
        String conversation = conversation(of, "concierge");
        String reply = send(of, conversation, "hello").statusCode(201).extract().path("reply.id");
        execute("insert into app.channel_trouble (tenant_id, channel_account_id, reason, paused_until) values ('" + of
                + "', '" + channel + "', 'busy', now() + interval '1 hour')");
        execute("insert into app.push_device (tenant_id, id, channel_account_id, conversation_id, token_hash, token,"
                + " platform, created_by) select '" + of + "', gen_random_uuid(), '" + channel + "', '" + conversation
                + "', int8send(i), int8send(i), 'web', 'somebody' from generate_series(1, " + size + ") i");
        execute("insert into app.push_notice (tenant_id, id, device_id, conversation_id, message_id, state, due_at,"
                + " expires_at) select tenant_id, gen_random_uuid(), id, conversation_id, '" + reply
                + "', 'READ', now() - interval '1 minute', now() + interval '1 hour' from app.push_device"
                + " where tenant_id = '" + of + "'");
    }

    private String contact(String name) {
        return member(tenant)
                .body(Map.of("display_name", name))
                .post("/api/v1/contacts")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private WebSocket listen(HttpClient client, String bearer) throws Exception {
        CountDownLatch opened = new CountDownLatch(1);
        WebSocket socket = client.newWebSocketBuilder()
                .header("Authorization", "Bearer " + bearer)
                .buildAsync(URI.create("ws://" + server.getAuthority() + "/api/v1/stream"), new WebSocket.Listener() {
                    @Override
                    public java.util.concurrent.CompletionStage<?> onText(
                            WebSocket of, CharSequence data, boolean last) {
                        opened.countDown();
                        of.request(1);
                        return null;
                    }
                })
                .join();
        opened.await();
        return socket;
    }

    /** Asks, and is gone before the answer is there; returns the answer's id. */
    private String leave(String conversation, String text) throws Exception {
        long before = replies(conversation);
        CountDownLatch gate = new CountDownLatch(1);
        Fakes.GATES.put(tenant.toString(), gate);
        byte[] body = Fakes.JSON.writeValueAsBytes(Map.of("text", text));
        int runs = Fakes.RUN_REQUESTS.size();
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /api/v1/conversations/" + conversation + "/messages HTTP/1.1\r\nHost: x\r\n"
                            + "Authorization: Bearer " + TestTokens.member(tenant, "member") + "\r\n"
                            + "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
            await(() -> Fakes.RUN_REQUESTS.stream().skip(runs).anyMatch(run -> run.toString()
                    .contains(text)));
        }
        pause(Duration.ofMillis(400));
        gate.countDown();
        await(() -> replies(conversation) == before + 1);
        return text("select id from app.message where conversation_id = '" + conversation
                + "' and part = 1 order by seq desc limit 1");
    }

    private static long replies(String conversation) {
        return count("select count(*) from app.message where part = 1 and conversation_id = '" + conversation + "'");
    }

    private static String state(String message) {
        return text("select state from app.push_notice where message_id = '" + message + "'");
    }

    /** What became of the notices of a conversation, in the order of its messages. */
    private static String states(String conversation) {
        return String.valueOf(text("select string_agg(n.state, ' ' order by m.seq) from app.push_notice n"
                + " join app.message m on m.tenant_id = n.tenant_id and m.id = n.message_id"
                + " where n.conversation_id = '" + conversation + "'"));
    }
}
