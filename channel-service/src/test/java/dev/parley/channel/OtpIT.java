package dev.parley.channel;

import static dev.parley.channel.Channel.admin;
import static dev.parley.channel.Channel.as;
import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.chat;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.execute;
import static dev.parley.channel.Channel.member;
import static dev.parley.channel.Channel.message;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.telegram;
import static dev.parley.channel.Channel.text;
import static dev.parley.channel.Channel.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.PostgresServer;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A code reaches one person, is approved once, and is nowhere to be read but there. */
@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class OtpIT {
    private static final String MASK = "\u2022".repeat(6);

    private final TenantId tenant = newTenant();
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final String block = "+1415" + (200 + NEXT.getAndIncrement() % 799);
    private final String customer = block + ThreadLocalRandom.current().nextInt(1000, 9999);

    @Test
    void aCodeIsSentCheckedAndApprovedOnce() {
        String channel = sms(tenant, "concierge");

        var sent = send(channel, customer, "login", "cart-1")
                .statusCode(201)
                .body("state", equalTo("pending"))
                .body("tries_left", equalTo(5))
                .body("to", equalTo(customer))
                .body("purpose", equalTo("login"))
                .body("reference", equalTo("cart-1"))
                .body("delivery", equalTo("pending"))
                .extract();
        String id = sent.path("id");
        Duration life = Duration.between(
                Instant.parse(sent.<String>path("created_at")), Instant.parse(sent.<String>path("expires_at")));
        assertThat(life).isEqualTo(Duration.ofMinutes(10));
        String code = code(1);
        assertThat(FakeMessengers.sentTo(customer).getFirst().path("Body").asText())
                .isEqualTo(code + " is your code (login). It is valid for 10 min. Do not tell it to anybody.");
        assertThat(sent.body().asString()).doesNotContain("\"" + code, code + " ");

        check(id, other(code), "cart-1").body("outcome", equalTo("refused")).body("tries_left", equalTo(4));
        check(id, code, "cart-2").body("outcome", equalTo("refused")).body("tries_left", equalTo(3));
        check(id, code, "cart-1").body("outcome", equalTo("approved")).body("tries_left", equalTo(0));
        check(id, code, "cart-1").body("outcome", equalTo("refused")).body("tries_left", equalTo(0));

        await(() -> "sent".equals(get(id).extract().path("delivery")));
        get(id).statusCode(200)
                .body("state", equalTo("approved"))
                .body("tries_left", equalTo(0))
                .body("approved_at", notNullValue());
        String operation = sent.path("operation_id");
        await(() -> count("select count(*) from app.staff_charge where tenant_id = '" + tenant + "'") == 0);
        assertThat(Fakes.DEBITS).as("costs what a message costs, once").containsEntry(operation, 1);
        assertThat(Fakes.SETTLEMENTS.get(operation).path("message").asLong()).isEqualTo(1);
        member(tenant)
                .body(Map.of("code", "12345", "reference", "cart-1"))
                .post("/api/v1/otp/" + id + "/checks")
                .then()
                .statusCode(422);
    }

    @Test
    void theCodeIsNowhereButWithItsRecipient() throws Exception {
        String channel = sms(tenant, "concierge");
        String id =
                send(channel, customer, "login", "t").statusCode(201).extract().path("id");
        String code = code(1);
        await(() -> "sent".equals(get(id).extract().path("delivery")));

        assertThat(rowsWith(code)).as("tables that hold the code").isEmpty();
        assertThat(rowsWith(MASK)).as("the search finds what is there").contains("message", "send_intent");
        assertThat(text("select (sealed is null)::text || ' ' || state from app.send_intent where tenant_id = '"
                        + tenant + "'"))
                .isEqualTo("true SENT");
        String conversation = member(tenant)
                .get("/api/v1/conversations?channel=sms")
                .then()
                .extract()
                .path("items[0].id");
        member(tenant)
                .get("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .body("items[0].role", equalTo("notice"))
                .body("items[0].text", startsWith(MASK + " is your code (login)"));
    }

    @Test
    void whileItWaitsItIsEncryptedAndWhoeverEndsTheSendStrikesItOut() {
        String channel = sms(tenant, "concierge");
        FakeMessengers.REFUSALS.put(customer, new int[] {429, 20429});
        String id =
                send(channel, customer, "login", "t").statusCode(201).extract().path("id");
        String code = code(1);

        assertThat(count("select count(*) from app.send_intent where state in ('PENDING', 'SENDING') and sealed is not"
                        + " null and position(convert_to('" + code + "', 'UTF8') in sealed) = 0 and tenant_id = '"
                        + tenant + "'"))
                .isEqualTo(1);
        execute("update app.send_intent set state = 'FAILED' where tenant_id = '" + tenant + "'");

        assertThat(count("select count(*) from app.send_intent where sealed is not null and tenant_id = '" + tenant
                        + "'"))
                .isZero();
        check(id, code, "t").body("outcome", equalTo("approved"));
    }

    @Test
    void anExpiredCodeIsRefusedAndNotSentAnyMore() {
        String channel = sms(tenant, "concierge");
        String id =
                send(channel, customer, "login", "t").statusCode(201).extract().path("id");
        String code = code(1);
        execute("update app.otp set expires_at = now() - interval '1 ms' where id = '" + id + "'");

        check(id, code, "t").body("outcome", equalTo("refused")).body("tries_left", equalTo(0));
        get(id).body("state", equalTo("expired")).body("tries_left", equalTo(0));
        assertThat(count("select tries from app.otp where id = '" + id + "'")).isZero();

        FakeMessengers.REFUSALS.put(customer, new int[] {429, 20429});
        String late =
                send(channel, customer, "login", "u").statusCode(201).extract().path("id");
        await(() -> FakeMessengers.sentTo(customer).size() == 2);
        execute("update app.send_intent set not_after = now() - interval '1 ms' where state <> 'SENT' and tenant_id = '"
                + tenant + "'");
        await(Duration.ofSeconds(30), () -> "cancelled"
                .equals(get(late).extract().path("delivery")));
        assertThat(FakeMessengers.sentTo(customer)).hasSize(2);
    }

    @Test
    void fiveTriesAreAllThereAre() {
        String channel = sms(tenant, "concierge");
        String id =
                send(channel, customer, "login", "t").statusCode(201).extract().path("id");
        String code = code(1);

        for (int left = 4; left >= 0; left--) {
            check(id, other(code), "t").body("outcome", equalTo("refused")).body("tries_left", equalTo(left));
        }
        check(id, code, "t").body("outcome", equalTo("refused")).body("tries_left", equalTo(0));
        get(id).body("state", equalTo("exhausted"));
    }

    @Test
    void ofFiftyRightChecksAtOnceOneIsApproved() throws Exception {
        String channel = sms(tenant, "concierge");
        String id =
                send(channel, customer, "login", "t").statusCode(201).extract().path("id");
        String code = code(1);

        List<String> outcomes = fifty(id, code);

        assertThat(outcomes).hasSize(50);
        assertThat(outcomes.stream().filter("approved"::equals)).hasSize(1);
        assertThat(outcomes.stream().filter("refused"::equals)).hasSize(49);
    }

    @Test
    void ofFiftyWrongChecksAtOnceFiveAreCounted() throws Exception {
        String channel = sms(tenant, "concierge");
        String id =
                send(channel, customer, "login", "t").statusCode(201).extract().path("id");
        String code = code(1);

        assertThat(fifty(id, other(code))).hasSize(50).containsOnly("refused");

        assertThat(count("select tries from app.otp where id = '" + id + "'")).isEqualTo(5);
        check(id, code, "t").body("outcome", equalTo("refused"));
    }

    @Test
    void aNewCodeForTheSameMatterEndsTheEarlierOneAndNoOther() {
        String channel = sms(tenant, "concierge");
        String first =
                send(channel, customer, "login", "a").statusCode(201).extract().path("id");
        String code = code(1);
        String elsewhere =
                send(channel, customer, "login", "b").statusCode(201).extract().path("id");
        String coded = code(2);

        String second =
                send(channel, customer, "login", "a").statusCode(201).extract().path("id");

        get(first).body("state", equalTo("cancelled"));
        check(first, code, "a").body("outcome", equalTo("refused")).body("tries_left", equalTo(0));
        check(elsewhere, coded, "b").body("outcome", equalTo("approved"));
        check(second, code(3), "a").body("outcome", equalTo("approved"));
    }

    @Test
    void aCodeGoesBeforeAnAnswerThatWaitsForALaterMessage() {
        String account = telegram(tenant, "patient");
        String chat = chat("79");
        Fakes.GATES.put(tenant.toString(), new CountDownLatch(0));
        update(account, "s3cret", message(1, chat, 1, "hello"));
        await(() -> Fakes.sentTo(chat).size() == 1);
        CountDownLatch gate = new CountDownLatch(1);
        Fakes.GATES.put(tenant.toString(), gate);
        update(account, "s3cret", message(2, chat, 2, "and now?"));
        await(() -> count("select count(*) from app.operation where state in ('QUEUED', 'RUNNING') and tenant_id = '"
                        + tenant + "'")
                == 1);
        String answer = "select state from app.send_intent where purpose = 'reply' and tenant_id = '" + tenant
                + "' order by place limit 1";
        execute("update app.send_intent set state = 'PENDING', provider_message_id = null, due_at = now()"
                + " where tenant_id = '" + tenant + "'");

        String id = send(account, chat, "login", "t").statusCode(201).extract().path("id");

        await(() -> Fakes.sentTo(chat).size() == 2);
        assertThat(text(answer)).isEqualTo("PENDING");
        String words = Fakes.sentTo(chat).getLast().body().path("text").asText();
        check(id, words.substring(0, 6), "t").body("outcome", equalTo("approved"));
        gate.countDown();
        await(() -> Fakes.sentTo(chat).size() >= 3);
        assertThat(Fakes.sentTo(chat).getLast().body().path("text").asText()).startsWith("You said: ");
    }

    @Test
    void aCodeThatIsReplacedBeforeItWasTriedIsWithdrawnAndCostsNothing() {
        String channel = sms(tenant, "concierge");
        send(channel, customer, "login", "before").statusCode(201);
        code(1);
        keepWaiting("1 minute");
        var first = send(channel, customer, "login", "t").statusCode(201).extract();

        var second = send(channel, customer, "login", "t").statusCode(201).extract();

        get(first.path("id")).body("state", equalTo("cancelled")).body("delivery", equalTo("cancelled"));
        assertThat(count("select count(*) from app.send_intent where state = 'CANCELLED' and attempts = 0 and sealed is"
                        + " null and tenant_id = '" + tenant + "'"))
                .isEqualTo(1);
        chargesAreDue();
        await(() -> "RELEASED".equals(Fakes.HOLDS.get(first.<String>path("operation_id"))));
        assertThat(Fakes.HOLDS.get(second.<String>path("operation_id")))
                .as("may still be sent")
                .isEqualTo("HELD");
        keepWaiting("0");
        check(second.path("id"), code(2), "t").body("outcome", equalTo("approved"));
        await(() -> "SETTLED".equals(Fakes.HOLDS.get(second.<String>path("operation_id"))));
        await(() -> count("select count(*) from app.staff_charge where tenant_id = '" + tenant + "'") == 0);
        assertThat(FakeMessengers.sentTo(customer)).hasSize(2);
        assertThat(Fakes.DEBITS).doesNotContainKey(first.path("operation_id"));
    }

    @Test
    void aCodeThatIsOverBeforeItWasTriedCostsNothing() {
        String channel = sms(tenant, "concierge");
        send(channel, customer, "login", "before").statusCode(201);
        code(1);
        keepWaiting("1 minute");
        var late = send(channel, customer, "login", "t").statusCode(201).extract();
        execute("update app.send_intent set not_after = now() - interval '1 ms' where state = 'PENDING' and tenant_id ="
                + " '" + tenant + "'");

        await(() -> "cancelled".equals(get(late.path("id")).extract().path("delivery")));
        chargesAreDue();

        await(() -> "RELEASED".equals(Fakes.HOLDS.get(late.<String>path("operation_id"))));
        assertThat(FakeMessengers.sentTo(customer)).hasSize(1);
    }

    @Test
    void aTenantSendsSixHundredCodesInTenMinutesAndNoMore() {
        String channel = sms(tenant, "concierge");
        send(channel, customer, "login", "first").statusCode(201);
        execute("insert into app.otp (tenant_id, id, channel_account_id, conversation_id, operation_id, recipient,"
                + " purpose, reference, digest, most_tries, expires_at, created_by) select tenant_id, gen_random_uuid(),"
                + " channel_account_id, conversation_id, operation_id, 'somebody' || n, purpose, reference, digest, 5,"
                + " expires_at, created_by from app.otp, generate_series(1, 598) n where tenant_id = '" + tenant + "'");

        send(channel, "+16502530000", "login", "r").statusCode(201);
        send(channel, "+12125550199", "login", "r")
                .statusCode(429)
                .body("code", equalTo("OTP_LIMIT_REACHED"))
                .body("detail", containsString("of one tenant: at most 600"));
    }

    @Test
    void limitsOfOneRecipientAndOfABlockOfNumbersHoldUnderRaces() throws Exception {
        String channel = sms(tenant, "concierge");
        List<Integer> statuses = atOnce(
                10,
                i -> Channel.insisting(() ->
                        send(channel, customer, "login", "r" + i).extract().statusCode()));
        assertThat(statuses.stream().filter(status -> status == 201)).hasSize(3);
        assertThat(statuses.stream().filter(status -> status == 429)).hasSize(7);
        await(() -> count("select count(*) from app.staff_charge where tenant_id = '" + tenant + "'") == 0);
        assertThat(Fakes.DECISIONS.stream()
                        .filter(asked -> asked.path("user_id").asText().equals("user-" + tenant))
                        .map(asked -> Fakes.HOLDS.get(asked.path("operation_id").asText())))
                .as("what was held is settled or given back")
                .hasSizeGreaterThanOrEqualTo(3)
                .containsOnly("SETTLED", "RELEASED");
        String wait = send(channel, customer, "login", "again")
                .statusCode(429)
                .body("code", equalTo("OTP_LIMIT_REACHED"))
                .body("detail", containsString("one recipient"))
                .extract()
                .header("Retry-After");
        assertThat(Integer.parseInt(wait)).isBetween(580, 600);

        execute("insert into app.otp (tenant_id, id, channel_account_id, conversation_id, operation_id, recipient,"
                + " number_block, purpose, reference, digest, most_tries, expires_at, created_by) select tenant_id,"
                + " gen_random_uuid(), channel_account_id, conversation_id, operation_id, number_block || 'x' || n,"
                + " number_block, purpose, reference, digest, 5, expires_at, created_by from app.otp,"
                + " generate_series(1, 17) n where reference = (select min(reference) from app.otp where tenant_id = '"
                + tenant + "') and tenant_id = '" + tenant + "'");
        String neighbour = block + (customer.endsWith("1000") ? "1001" : "1000");
        send(channel, neighbour, "login", "r").statusCode(429).body("detail", containsString("block of numbers"));

        execute("update app.otp set created_at = now() - interval '11 minutes' where tenant_id = '" + tenant + "'");
        send(channel, neighbour, "login", "r").statusCode(201);
    }

    @Test
    void whoWantsNothingMoreGetsNoCode() {
        String channel = sms(tenant, "concierge");
        member(tenant)
                .body(Map.of("phone", customer, "opted_out", true))
                .post("/api/v1/contacts")
                .then()
                .statusCode(201);

        send(channel, customer, "login", "t").statusCode(403).body("code", equalTo("CONTACT_OPTED_OUT"));

        assertThat(count("select count(*) from app.otp where tenant_id = '" + tenant + "'"))
                .isZero();
        assertThat(FakeMessengers.sentTo(customer)).isEmpty();
    }

    @Test
    void policyDecidesAndARefusalSendsNothing() {
        String channel = sms(tenant, "broke");

        send(channel, customer, "login", "t").statusCode(402).body("code", equalTo("CREDITS_EXHAUSTED"));

        assertThat(FakeMessengers.sentTo(customer)).isEmpty();
        assertThat(count("select count(*) from app.otp where tenant_id = '" + tenant + "'"))
                .isZero();
    }

    @Test
    void onTelegramWhoWroteGetsACodeAndNobodyElse() {
        String account = telegram(tenant, "concierge");
        String chat = chat("75");
        send(account, chat, "login", "t").statusCode(409).body("code", equalTo("OTP_RECIPIENT_UNKNOWN"));
        update(account, "s3cret", message(1, chat, 1, "hello"));
        await(() -> Fakes.sentTo(chat).size() == 1);

        String id = send(account, chat, "Bestellung", "t", "de-AT")
                .statusCode(201)
                .extract()
                .path("id");

        await(() -> Fakes.sentTo(chat).size() == 2);
        String words = Fakes.sentTo(chat).getLast().body().path("text").asText();
        assertThat(words).matches("\\d{6} ist Ihr Code \\(Bestellung\\).*");
        check(id, words.substring(0, 6), "t").body("outcome", equalTo("approved"));
        update(account, "s3cret", message(2, chat, 2, "and now?"));
        await(() -> Fakes.sentTo(chat).size() == 3);
        assertThat(Fakes.RUN_REQUESTS.stream().map(JsonNode::toString))
                .as("the agent hears nothing of codes")
                .noneMatch(run -> run.contains("ist Ihr Code"));
        assertThat(count("select count(*) from app.conversation where tenant_id = '" + tenant + "'"))
                .isEqualTo(1);
    }

    @Test
    void whatsAppTakesNoCodeOutsideItsWindow() {
        String account = WhatsAppIT.connect(tenant);
        String from = customer.substring(1);
        String hello = WhatsAppIT.notification(WhatsAppIT.words(
                "wamid." + UUID.randomUUID(), from, "hello", Instant.now().getEpochSecond()));
        assertThat(WhatsAppIT.deliver(account, hello).statusCode()).isEqualTo(200);
        await(() -> FakeMessengers.sentTo(from).size() == 1);
        String inTime =
                send(account, customer, "login", "t").statusCode(201).extract().path("id");
        await(() -> "sent".equals(get(inTime).extract().path("delivery")));
        execute("update app.conversation set last_inbound_at = now() - interval '24 hours 1 second' where tenant_id = '"
                + tenant + "'");

        send(account, customer, "login", "u")
                .statusCode(409)
                .body("code", equalTo("OTP_WINDOW_CLOSED"))
                .body("detail", containsString("24 hours"));

        execute("update app.conversation set last_inbound_at = now() where tenant_id = '" + tenant + "'");
        FakeMessengers.REFUSALS.put(from, new int[] {400, 131047});
        String refused =
                send(account, customer, "login", "v").statusCode(201).extract().path("id");
        await(() -> "failed".equals(get(refused).extract().path("delivery")));
    }

    @Test
    void whoCannotBeReachedIsSaidAndKeysNeedTheirScopes() {
        String channel = sms(tenant, "concierge");
        for (String nobody : List.of("+1415", "somebody", "+15550001111")) {
            send(channel, nobody, "login", "t").statusCode(422).body("errors.pointer", hasItem("/to"));
        }
        send(UUID.randomUUID().toString(), customer, "login", "t").statusCode(404);
        send(channel, customer, "visit http://evil.example", "t").statusCode(422);

        Map<String, String> request =
                Map.of("channel_id", channel, "to", customer, "purpose", "login", "reference", "t");
        as(TestTokens.apiKey(tenant, "chat", "read"))
                .body(request)
                .post("/api/v1/otp")
                .then()
                .statusCode(403);
        String id = as(TestTokens.apiKey(tenant, "write"))
                .body(request)
                .post("/api/v1/otp")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        as(TestTokens.apiKey(tenant, "read")).get("/api/v1/otp/" + id).then().statusCode(200);
        as(TestTokens.apiKey(tenant, "read", "chat"))
                .body(Map.of("code", "000000", "reference", "t"))
                .post("/api/v1/otp/" + id + "/checks")
                .then()
                .statusCode(403);
    }

    @Test
    void anotherTenantFindsNeitherTheCodeNorTheChannel() {
        String channel = sms(tenant, "concierge");
        String id =
                send(channel, customer, "login", "t").statusCode(201).extract().path("id");
        String code = code(1);
        TenantId stranger = newTenant();

        member(stranger).get("/api/v1/otp/" + id).then().statusCode(404);
        member(stranger)
                .body(Map.of("code", code, "reference", "t"))
                .post("/api/v1/otp/" + id + "/checks")
                .then()
                .statusCode(404);
        member(stranger)
                .body(Map.of("channel_id", channel, "to", customer, "purpose", "login", "reference", "t"))
                .post("/api/v1/otp")
                .then()
                .statusCode(404);

        assertThat(count("select tries from app.otp where id = '" + id + "'")).isZero();
        check(id, code, "t").body("outcome", equalTo("approved"));
    }

    @Test
    void codesOfLongAgoAreForgotten() {
        String channel = sms(tenant, "concierge");
        String id =
                send(channel, customer, "login", "t").statusCode(201).extract().path("id");
        execute("update app.otp set created_at = now() - interval '30 days 1 minute' where id = '" + id + "'");

        await(() -> get(id).extract().statusCode() == 404);
    }

    private void keepWaiting(String time) {
        execute("update app.conversation set next_send_at = now() + interval '" + time + "' where tenant_id = '"
                + tenant + "'");
    }

    private void chargesAreDue() {
        execute("update app.staff_charge set due_at = now() where tenant_id = '" + tenant + "'");
    }

    private String code(int nth) {
        await(() -> FakeMessengers.sentTo(customer).size() >= nth);
        String words = FakeMessengers.sentTo(customer).get(nth - 1).path("Body").asText();
        assertThat(words).matches("\\d{6} .*");
        return words.substring(0, 6);
    }

    private static String other(String code) {
        return "%06d".formatted((Integer.parseInt(code) + 1) % 1_000_000);
    }

    private ValidatableResponse send(String channel, String to, String purpose, String reference) {
        return send(channel, to, purpose, reference, null);
    }

    private ValidatableResponse send(String channel, String to, String purpose, String reference, String language) {
        Map<String, String> request =
                new HashMap<>(Map.of("channel_id", channel, "to", to, "purpose", purpose, "reference", reference));
        if (language != null) {
            request.put("language", language);
        }
        return member(tenant).body(request).post("/api/v1/otp").then();
    }

    private ValidatableResponse check(String id, String code, String reference) {
        return member(tenant)
                .body(Map.of("code", code, "reference", reference))
                .post("/api/v1/otp/" + id + "/checks")
                .then()
                .statusCode(200);
    }

    private ValidatableResponse get(String id) {
        return member(tenant).get("/api/v1/otp/" + id).then();
    }

    private List<String> fifty(String id, String code) throws Exception {
        return atOnce(50, i -> check(id, code, "t").extract().path("outcome"));
    }

    private interface Numbered<T> {
        T apply(int number) throws Exception;
    }

    private static <T> List<T> atOnce(int times, Numbered<T> work) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        try (var threads = Executors.newFixedThreadPool(times)) {
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                int number = i;
                running.add(threads.submit(() -> {
                    start.await();
                    return work.apply(number);
                }));
            }
            start.countDown();
            List<T> results = new ArrayList<>();
            for (Future<T> one : running) {
                results.add(one.get());
            }
            return results;
        }
    }

    /** The tables in which a row of the tenant has that text by itself, not as a piece of a number, a time or an id. */
    private List<String> rowsWith(String words) throws Exception {
        List<String> found = new ArrayList<>();
        try (Connection superuser = PostgresServer.shared().superuser(ParleyTestResource.DATABASE)) {
            List<String> tables = new ArrayList<>();
            try (ResultSet rows = superuser
                    .createStatement()
                    .executeQuery("select table_name from information_schema.columns where table_schema = 'app' and"
                            + " column_name = 'tenant_id'")) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
            assertThat(tables).hasSizeGreaterThan(20).contains("otp", "outbox_event", "idempotency_record");
            for (String table : tables) {
                String sql = "select exists (select from app." + table + " t where tenant_id = '" + tenant
                        + "' and t::text ~ '(^|[^0-9a-fA-F.+-])" + words + "($|[^0-9a-fA-F.+-])')";
                if ("t".equals(text(sql))) {
                    found.add(table);
                }
            }
        }
        return found;
    }

    /** Connects a number of the tenant's for SMS. */
    private static String sms(TenantId tenant, String agent) {
        return admin(tenant)
                .body(Map.of(
                        "type",
                        "twilio",
                        "name",
                        "SMS",
                        "agent",
                        agent,
                        "credentials",
                        Map.of(
                                "account_sid",
                                "AC" + "0123456789abcdef".repeat(2),
                                "auth_token",
                                FakeMessengers.AUTH_TOKEN,
                                "phone_number",
                                "+1555" + ThreadLocalRandom.current().nextInt(1_000_000, 9_999_999))))
                .post("/api/v1/channels")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }
}
