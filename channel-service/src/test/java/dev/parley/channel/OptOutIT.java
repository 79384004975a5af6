package dev.parley.channel;

import static dev.parley.channel.Channel.admin;
import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.chat;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.member;
import static dev.parley.channel.Channel.message;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.operations;
import static dev.parley.channel.Channel.said;
import static dev.parley.channel.Channel.telegram;
import static dev.parley.channel.Channel.text;
import static dev.parley.channel.Channel.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** STOP and START are obeyed before any agent sees them, and nothing is sent to who opted out. */
@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class OptOutIT {
    private static final String STOPPED = "You will get no more messages from us. Write START to hear from us again.";
    private static final String STARTED =
            "Welcome back: you will hear from us again. Write STOP at any time to end it.";

    @Test
    void stopIsConfirmedOnceAndEndsAnswersUntilStart() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("61");

        update(account, "s3cret", message(1, chat, 1, " Stop. "));
        await(() -> said(chat).equals(List.of(STOPPED)));
        update(account, "s3cret", message(2, chat, 2, "UNSUBSCRIBE"));
        update(account, "s3cret", message(3, chat, 3, "are you there?"));
        await(() -> states(tenant).equals("REFUSED/OPTED_OUT REFUSED/OPTED_OUT REFUSED/CONTACT_OPTED_OUT"));

        assertThat(said(chat)).as("confirmed once, and nothing else").containsExactly(STOPPED);
        assertThat(runs(tenant)).as("no agent saw any of it").isZero();
        assertThat(count("select count(*) from app.message where role = 'user' and tenant_id = '" + tenant + "'"))
                .isEqualTo(3);
        member(tenant)
                .get("/api/v1/contacts")
                .then()
                .body("items[0].opted_out", equalTo(true))
                .body("items[0].opt_out_word", equalTo("stop"));

        update(account, "s3cret", message(4, chat, 4, "/start"));
        await(() -> said(chat).size() == 2);
        update(account, "s3cret", message(5, chat, 5, "yes"));
        await(() -> said(chat).size() == 3);

        assertThat(said(chat)).containsExactly(STOPPED, STARTED, "You said: yes");
        String contact = text("select id from app.contact where tenant_id = '" + tenant + "'");
        assertThat(Events.of(tenant, "channel.contact-", 2))
                .allSatisfy(event ->
                        assertThat(event).contains("\"contact_id\": \"" + contact + "\"", "\"by\": \"customer\""))
                .extracting(event -> event.split(" ", 2)[0])
                .containsExactly("channel.contact-opted-out.v1", "channel.contact-opted-in.v1");
        assertThat(states(tenant)).endsWith("HANDLED/OPTED_IN ANSWERED/");
        Fakes.awaitCharged(operations(tenant).getLast());
        assertThat(Fakes.DEBITS.keySet().stream().filter(operations(tenant)::contains))
                .hasSize(1);
    }

    @Test
    void whatWasNotSentYetIsNotSentToWhoOptsOut() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("62");
        Fakes.busy(chat, 20);
        update(account, "s3cret", message(1, chat, 1, "hello"));
        await(() ->
                count("select count(*) from app.send_intent where state = 'PENDING' and attempts = 1 and tenant_id = '"
                                + tenant + "'")
                        == 1);

        update(account, "s3cret", message(2, chat, 2, "stop"));

        await(() -> "CANCELLED SENT"
                .equals(text("select string_agg(state, ' ' order by id) from app.send_intent where tenant_id = '"
                        + tenant + "'")));
        assertThat(said(chat).getLast()).isEqualTo(STOPPED);
        String conversation = text("select id from app.conversation where tenant_id = '" + tenant + "'");
        member(tenant)
                .body(Map.of("text", "but we have an offer"))
                .post("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .statusCode(403)
                .body("code", equalTo("CONTACT_OPTED_OUT"));
        member(tenant)
                .get("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .body("items.role", hasItem("notice"))
                .body("items.status", hasItem("cancelled"));
    }

    @Test
    void whoeverSaysStopWithinASentenceSpeaksToTheAgent() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("63");

        update(account, "s3cret", message(1, chat, 1, "please stop the delivery"));

        await(() -> said(chat).equals(List.of("You said: please stop the delivery")));
        assertThat(count("select count(*) from app.contact where opted_out_at is not null and tenant_id = '" + tenant
                        + "'"))
                .isZero();
    }

    @Test
    void stopWhileTheAgentWorksKeepsItsAnswerBackAndCostsNoMessage() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "patient");
        String chat = chat("68");
        CountDownLatch gate = Fakes.GATES.computeIfAbsent(tenant.toString(), ignored -> new CountDownLatch(1));
        update(account, "s3cret", message(1, chat, 1, "tell me"));
        await(() -> runs(tenant) == 1);

        update(account, "s3cret", message(2, chat, 2, "stop"));
        gate.countDown();

        await(() -> count("select count(*) from app.operation where settled_at is not null and tenant_id = '" + tenant
                        + "'")
                == 1);
        assertThat(states(tenant)).isEqualTo("REFUSED/OPTED_OUT REFUSED/OPTED_OUT");
        await(() -> said(chat).equals(List.of(STOPPED)));
        assertThat(Fakes.SETTLEMENTS
                        .get(operations(tenant).getFirst())
                        .path("message")
                        .asInt())
                .isZero();
    }

    @Test
    void stopIsObeyedWhileTheChannelIsPaused() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("64");
        status(tenant, account, "paused");

        update(account, "s3cret", message(1, chat, 1, "stop"));
        status(tenant, account, "active");
        update(account, "s3cret", message(2, chat, 2, "hello?"));

        await(() -> states(tenant).equals("REFUSED/OPTED_OUT REFUSED/CONTACT_OPTED_OUT"));
        assertThat(said(chat)).isEmpty();
    }

    @Test
    void inAGroupOneStopsForOneself() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String group = "-" + chat("100");
        String ana = chat("65");
        String ben = chat("66");

        update(account, "s3cret", inGroup(1, group, ana, "hello"));
        await(() -> said(group).equals(List.of("You said: hello")));
        update(account, "s3cret", inGroup(2, group, ben, "stop"));
        update(account, "s3cret", inGroup(3, group, ben, "and me?"));
        update(account, "s3cret", inGroup(4, group, ana, "still here"));

        await(() -> said(group).size() == 2);
        assertThat(said(group)).containsExactly("You said: hello", "You said: still here");
        assertThat(states(tenant)).isEqualTo("ANSWERED/ REFUSED/OPTED_OUT REFUSED/OPTED_OUT ANSWERED/");
        assertThat(text("select count(*) || ' ' || count(contact_id) from app.conversation where tenant_id = '" + tenant
                        + "'"))
                .as("a group is nobody's")
                .isEqualTo("1 0");
    }

    @Test
    void aPressedButtonSaysWhatItsMakerWrote() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("67");

        update(account, "s3cret", """
                {"update_id":1,"callback_query":{"id":"1%s","from":{"id":%s,"first_name":"Ana"},"data":"order:7",
                 "message":{"message_id":9,"date":1790000000,"chat":{"id":%s,"type":"private"},
                  "reply_markup":{"inline_keyboard":[[{"text":"Stop","callback_data":"order:7"}]]}}}}
                """.formatted(chat, chat, chat));

        await(() -> said(chat).equals(List.of("You said: Stop")));
    }

    private static void status(TenantId tenant, String account, String status) {
        admin(tenant)
                .body(Map.of("status", status))
                .patch("/api/v1/channels/" + account)
                .then()
                .statusCode(200);
    }

    private static String inGroup(long id, String group, String from, String text) {
        return """
                {"update_id":%d,"message":{"message_id":%d,"date":1790000000,"text":"%s",
                 "chat":{"id":%s,"type":"supergroup","title":"G"},"from":{"id":%s,"is_bot":false,"first_name":"A"}}}
                """.formatted(id, id, text, group, from);
    }

    private static long runs(TenantId tenant) {
        List<String> operations = operations(tenant);
        return Fakes.RUN_REQUESTS.stream()
                .filter(run -> operations.contains(run.path("operation_id").asText()))
                .count();
    }

    private static String states(TenantId tenant) {
        return ""
                + text("select string_agg(state || '/' || coalesce(problem_code, ''), ' ' order by created_at)"
                        + " from app.operation where tenant_id = '" + tenant + "'");
    }
}
