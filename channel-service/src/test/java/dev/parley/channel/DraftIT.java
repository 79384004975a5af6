package dev.parley.channel;

import static dev.parley.channel.Channel.admin;
import static dev.parley.channel.Channel.as;
import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.chat;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.execute;
import static dev.parley.channel.Channel.handBack;
import static dev.parley.channel.Channel.member;
import static dev.parley.channel.Channel.message;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.said;
import static dev.parley.channel.Channel.telegram;
import static dev.parley.channel.Channel.text;
import static dev.parley.channel.Channel.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Replies under review wait for a person, go out once when one lets them, and not at all when they are over. */
@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class DraftIT {
    @Test
    void aReplyUnderReviewIsSentOnceWhenAPersonLetsItOut() {
        TenantId tenant = newTenant();
        String account = reviewed(tenant);
        String chat = chat("81");
        update(account, "s3cret", message(1, chat, 1, "do you deliver?"));
        String draft = waiting(tenant);

        member(tenant)
                .get("/api/v1/drafts/" + draft)
                .then()
                .statusCode(200)
                .body("state", equalTo("waiting"))
                .body("text", equalTo("You said: do you deliver?"))
                .body("question", equalTo("do you deliver?"))
                .body("contact_name", equalTo("Ana"))
                .body("original", nullValue())
                .body("version", equalTo(1))
                .body("sampled", equalTo(false));
        String conversation = conversationOf(tenant);
        member(tenant)
                .get("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .body("items.role", contains("user"))
                .body("items[0].status", equalTo("drafted"));
        assertThat(said(chat)).isEmpty();
        String operation = text("select operation_id from app.draft where id = '" + draft + "'");
        String version = text("select prompt_version_id from app.draft where id = '" + draft + "'");
        Fakes.awaitCharged(operation);
        assertThat(Fakes.SETTLEMENTS.get(operation).path("message").asInt())
                .as("the run is paid, with its message, when the draft is made")
                .isEqualTo(1);

        approve(tenant, draft)
                .statusCode(200)
                .body("state", equalTo("approved"))
                .body("decided_by", equalTo("user-" + tenant))
                .body("prompt_version_id", equalTo(version));
        await(() -> said(chat).equals(List.of("You said: do you deliver?")));
        approve(tenant, draft).statusCode(200).body("state", equalTo("approved"));
        reject(tenant, draft).statusCode(409).body("code", equalTo("DRAFT_DECIDED"));

        await(() -> "SENT".equals(text("select state from app.send_intent where tenant_id = '" + tenant + "'")));
        assertThat(said(chat)).hasSize(1);
        assertThat(text("select approved_by || ' ' || created_by from app.message where id = '" + draft + "'"))
                .isEqualTo("user-" + tenant + " agent:concierge");
        assertThat(Fakes.DEBITS.get(operation)).as("approving costs nothing").isEqualTo(1);
        member(tenant)
                .get("/api/v1/operations/" + operation)
                .then()
                .body("steps.step", hasItems("message-received", "decided", "drafted", "draft-approved", "send-sent"));
        assertThat(told(tenant)).contains("draft-created", "draft-decided");
        assertThat(AuditTrail.actions(AuditTrail.of(tenant, 3)))
                .containsExactly(
                        "channel.connect admin-" + tenant,
                        "review-rule.change admin-" + tenant,
                        "draft.approve user-" + tenant);
        member(tenant)
                .get("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .body("items.role", contains("assistant", "user"))
                .body("items.status", contains("sent", "answered"))
                .body("items[0].approved_by", equalTo("user-" + tenant))
                .body("items[0].prompt_version_id", equalTo(version))
                .body("items[1].approved_by", nullValue());
    }

    @Test
    void whatPeopleMakeOfADraftIsSentAndWhatTheAgentWroteStaysBesideIt() {
        TenantId tenant = newTenant();
        String account = reviewed(tenant);
        String chat = chat("82");
        update(account, "s3cret", message(1, chat, 1, "hi"));
        String draft = waiting(tenant);

        member(tenant)
                .body(Map.of("text", "Hello Ana!"))
                .patch("/api/v1/drafts/" + draft)
                .then()
                .statusCode(200)
                .body("text", equalTo("Hello Ana!"))
                .body("original", equalTo("You said: hi"))
                .body("edited_by", equalTo("user-" + tenant))
                .body("version", equalTo(2));
        member(tenant)
                .body(Map.of("version", 1))
                .post("/api/v1/drafts/" + draft + "/approve")
                .then()
                .statusCode(409)
                .body("code", equalTo("DRAFT_CHANGED"))
                .body("version", equalTo(2));
        member(tenant)
                .body(Map.of("version", 2))
                .post("/api/v1/drafts/" + draft + "/approve")
                .then()
                .statusCode(200);

        await(() -> said(chat).equals(List.of("Hello Ana!")));
        assertThat(text("select original || '|' || text from app.draft where id = '" + draft + "'"))
                .isEqualTo("You said: hi|Hello Ana!");
        member(tenant)
                .get("/api/v1/review-rules")
                .then()
                .body("items[0].reviewed", equalTo(1))
                .body("items[0].unchanged", equalTo(0));
        member(tenant)
                .body(Map.of("text", "too late"))
                .patch("/api/v1/drafts/" + draft)
                .then()
                .statusCode(409)
                .body("code", equalTo("DRAFT_DECIDED"));
        List<String> trail = AuditTrail.of(tenant, 4);
        assertThat(AuditTrail.actions(trail)).contains("draft.edit user-" + tenant, "draft.approve user-" + tenant);
        assertThat(String.join(" ", trail)).doesNotContain("Hello Ana").doesNotContain("You said");
    }

    @Test
    void ofManyDecisionsAtOnceOneCounts() throws Exception {
        TenantId tenant = newTenant();
        String account = reviewed(tenant);
        for (int round = 1; round <= 4; round++) {
            String chat = chat("83" + round);
            update(account, "s3cret", message(round, chat, 1, "race " + round));
            String draft = waiting(tenant);
            List<Future<Integer>> clicks = new ArrayList<>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int click = 0; click < 12; click++) {
                    boolean approves = click % 3 != 0;
                    clicks.add(threads.submit(
                            () -> Channel.insisting(() -> (approves ? approve(tenant, draft) : reject(tenant, draft))
                                    .extract()
                                    .statusCode())));
                }
            }
            boolean approved = "approved".equals(text("select state from app.draft where id = '" + draft + "'"));
            List<Integer> answers = new ArrayList<>();
            for (Future<Integer> click : clicks) {
                answers.add(click.get());
            }

            assertThat(answers)
                    .containsOnly(200, 409)
                    .filteredOn(status -> status == 200)
                    .hasSize(approved ? 8 : 4);
            assertThat(count("select count(*) from app.send_intent where message_id = '" + draft + "'"))
                    .isEqualTo(approved ? 1 : 0);
            assertThat(count("select count(*) from app.stream_event where type = 'channel.draft-decided.v1'"
                            + " and payload->>'draft_id' = '" + draft + "'"))
                    .isEqualTo(1);
        }
    }

    @Test
    void aNewerMessageTakesTheDraftsPlaceAndCostsNoMessageMore() {
        TenantId tenant = newTenant();
        String account = reviewed(tenant);
        String chat = chat("84");
        update(account, "s3cret", message(1, chat, 1, "a table"));
        String first = waiting(tenant);

        Fakes.POLICY_AWAY.add(tenant.toString());
        update(account, "s3cret", message(2, chat, 2, "for two"));
        await(() ->
                count("select count(*) from app.operation where tenant_id = '" + tenant + "' and attempts > 0") == 2);
        approve(tenant, first).statusCode(409).body("code", equalTo("DRAFT_SUPERSEDED"));
        assertThat(text("select state from app.draft where id = '" + first + "'"))
                .as("it may be sent yet, if the newer message gets no answer")
                .isEqualTo("waiting");
        Fakes.POLICY_AWAY.remove(tenant.toString());
        await(() -> "superseded".equals(text("select state from app.draft where id = '" + first + "'")));
        String second = waiting(tenant);

        approve(tenant, first).statusCode(409).body("code", equalTo("DRAFT_SUPERSEDED"));
        member(tenant)
                .get("/api/v1/drafts/" + second)
                .then()
                .body("question", equalTo("a table\nfor two"))
                .body("text", equalTo("You said: a table\nfor two"));
        String operation = text("select operation_id from app.draft where id = '" + second + "'");
        assertThat(Fakes.SETTLEMENTS.get(operation).path("message").asInt()).isZero();
        assertThat(text("select superseded_by from app.draft where id = '" + first + "'"))
                .isEqualTo(operation);
        approve(tenant, second).statusCode(200);
        await(() -> said(chat).equals(List.of("You said: a table\nfor two")));
        assertThat(text("select string_agg(state, ' ' order by created_at) from app.operation where tenant_id = '"
                        + tenant + "'"))
                .isEqualTo("MERGED ANSWERED");
    }

    @Test
    void aDraftOfAnotherEpochOrAnotherDayIsNeverSent() {
        TenantId tenant = newTenant();
        String account = reviewed(tenant);
        List<String> chats = List.of(chat("851"), chat("852"), chat("853"));
        for (int i = 0; i < 3; i++) {
            update(account, "s3cret", message(i + 1, chats.get(i), 1, "hello"));
        }
        await(() -> drafts(tenant).size() == 3);
        String takenOver = draftFor(chats.get(0));
        String optedOut = draftFor(chats.get(1));
        String expired = draftFor(chats.get(2));

        String conversation = text("select id from app.conversation where recipient = '" + chats.get(0) + "'");
        member(tenant)
                .post("/api/v1/conversations/" + conversation + "/takeover")
                .then()
                .statusCode(200);
        assertThat(drafts(tenant)).as("who looks sees it no more, at once").doesNotContain(takenOver);
        handBack(tenant, conversation);
        approve(tenant, takenOver)
                .statusCode(409)
                .body("code", equalTo("DRAFT_OVER"))
                .body("reason", equalTo("taken_over"));
        update(account, "s3cret", message(4, chats.get(1), 2, "STOP"));
        await(() -> "ended/opted_out"
                .equals(text("select state || '/' || reason from app.draft where id = '" + optedOut + "'")));
        approve(tenant, optedOut).statusCode(409).body("code", equalTo("DRAFT_OVER"));
        execute("update app.draft set expires_at = now() where id = '" + expired + "'");
        await(() -> "expired".equals(text("select state from app.draft where id = '" + expired + "'")));
        approve(tenant, expired)
                .statusCode(409)
                .body("code", equalTo("DRAFT_OVER"))
                .body("state", equalTo("expired"));

        assertThat(count("select count(*) from app.send_intent where purpose = 'reply' and tenant_id = '" + tenant
                        + "'"))
                .isZero();
        assertThat(text("select string_agg(distinct state, ' ') from app.operation where problem_code like 'DRAFT_%'"
                        + " and tenant_id = '" + tenant + "'"))
                .isEqualTo("WITHHELD");
        assertThat(count("select count(*) from app.stream_event where type = 'channel.draft-decided.v1' and tenant_id ="
                        + " '"
                        + tenant + "'"))
                .isEqualTo(3);
    }

    @Test
    void whatATakeOverEndedIsAnsweredWhenThePersonNeverDid() {
        TenantId tenant = newTenant();
        String account = reviewed(tenant);
        String chat = chat("854");
        update(account, "s3cret", message(1, chat, 1, "anybody there?"));
        String first = waiting(tenant);
        String conversation = text("select id from app.conversation where recipient = '" + chat + "'");
        String operation = text("select operation_id from app.draft where id = '" + first + "'");
        member(tenant)
                .post("/api/v1/conversations/" + conversation + "/takeover")
                .then()
                .statusCode(200);
        await(() -> "WITHHELD/DRAFT_TAKEN_OVER"
                .equals(text("select state || '/' || problem_code from app.operation where id = '" + operation + "'")));

        execute("update app.conversation set owner_until = now() - interval '1 second' where id = '" + conversation
                + "'");

        String again = waiting(tenant);
        assertThat(again).isNotEqualTo(first);
        approve(tenant, first).statusCode(409).body("code", equalTo("DRAFT_OVER"));
        String attempt = approve(tenant, again).statusCode(200).extract().path("operation_id");
        await(() -> said(chat).equals(List.of("You said: anybody there?")));
        assertThat(text("select state || ' ' || merged_into from app.operation where id = '" + operation + "'"))
                .isEqualTo("MERGED " + attempt);
        assertThat(Fakes.messagesCharged(tenant)).as("the message is paid once").containsExactly(1, 0);
    }

    @Test
    void aDraftIsMadeAnewWhenNobodyCameToTheConversation() {
        TenantId tenant = newTenant();
        String account = reviewed(tenant, "helpless");
        String chat = chat("855");
        Fakes.SETTLEMENT_SLOW.add(tenant.toString());
        update(account, "s3cret", message(1, chat, 1, "my money back"));
        String first = waiting(tenant);
        String conversation = text("select id from app.conversation where recipient = '" + chat + "'");
        assertThat(text("select owner from app.conversation where id = '" + conversation + "'"))
                .isEqualTo("waiting");

        update(account, "s3cret", message(2, chat, 2, "please"));
        await(() -> count("select count(*) from app.operation where state = 'HELD_BY_STAFF' and tenant_id = '" + tenant
                        + "'")
                == 1);

        // While the first answer is being charged.
        handBack(tenant, conversation);

        await(() -> drafts(tenant).size() == 1 && !drafts(tenant).contains(first));
        String again = waiting(tenant);
        member(tenant).get("/api/v1/drafts/" + first).then().body("question", equalTo("my money back"));
        member(tenant).get("/api/v1/drafts/" + again).then().body("question", equalTo("my money back\nplease"));
        approve(tenant, again).statusCode(200);
        await(() -> said(chat).contains("You said: my money back\nplease"));
        assertThat(Fakes.messagesCharged(tenant)).as("the message is paid once").containsExactly(1, 0);
        await(() -> "ended approved"
                .equals(text("select string_agg(payload ->> 'state', ' ' order by xid, seq) from app.stream_event"
                        + " where type = 'channel.draft-decided.v1' and tenant_id = '" + tenant + "'")));
    }

    @Test
    void whatADraftThatNobodyLetOutWasPaidForIsNotPaidAgainHoweverManyTookItsPlace() {
        TenantId tenant = newTenant();
        String account = reviewed(tenant);
        String chat = chat("856");
        update(account, "s3cret", message(1, chat, 1, "a table"));
        String first = waiting(tenant);
        update(account, "s3cret", message(2, chat, 2, "for two"));
        await(() -> drafts(tenant).size() == 1 && !drafts(tenant).contains(first));
        String conversation = text("select id from app.conversation where recipient = '" + chat + "'");
        await(() -> Fakes.messagesCharged(tenant).equals(List.of(1, 0)));
        // As an agent does that asks for a person.
        execute("update app.conversation set owner = 'waiting', handoff_at = now(), handoff_told_at = now(),"
                + " handoff_reason = 'a wish' where id = '" + conversation + "'");
        update(account, "s3cret", message(3, chat, 3, "at eight"));
        await(() -> "MERGED DRAFTED HELD_BY_STAFF"
                .equals(text("select string_agg(state, ' ' order by id) from app.operation where tenant_id = '" + tenant
                        + "'")));

        handBack(tenant, conversation);

        await(() -> drafts(tenant).size() == 1);
        approve(tenant, waiting(tenant)).statusCode(200);
        await(() -> said(chat).equals(List.of("You said: a table\nfor two\nat eight")));
        assertThat(Fakes.messagesCharged(tenant)).containsExactly(1, 0, 0);
    }

    @Test
    void autopilotIsEarnedSampledAndLostByItself() {
        TenantId tenant = newTenant();
        String account = reviewed(tenant);
        String chat = chat("86");
        put(tenant, Map.of("mode", "autopilot"))
                .statusCode(409)
                .body("code", equalTo("AUTOPILOT_NOT_EARNED"))
                .body("reviewed", equalTo(0))
                .body("threshold", equalTo(0.95f));
        update(account, "s3cret", message(1, chat, 1, "one"));
        approve(tenant, waiting(tenant)).statusCode(200);
        await(() -> said(chat).size() == 1);
        history(tenant, 95, "approved");
        history(tenant, 5, "rejected");
        put(tenant, Map.of("mode", "autopilot", "sample_size", 100))
                .statusCode(409)
                .body("reviewed", equalTo(100))
                .body("rate", equalTo(0.95f));
        put(tenant, Map.of("mode", "autopilot", "sample_size", 100, "threshold", 0.85, "sample_one_in", 1000))
                .statusCode(200)
                .body("mode", equalTo("autopilot"))
                .body("earned", equalTo(true));

        // one in a thousand would wait; to be certain of this one, fewer
        execute("update app.review_rule set sample_one_in = 2147483647 where tenant_id = '" + tenant + "'");
        update(account, "s3cret", message(2, chat, 2, "two"));
        await(() -> said(chat).size() == 2);
        put(tenant, Map.of("mode", "autopilot", "sample_one_in", 1)).statusCode(200);
        update(account, "s3cret", message(3, chat, 3, "three"));
        String sampled = waiting(tenant);
        member(tenant).get("/api/v1/drafts/" + sampled).then().body("sampled", equalTo(true));
        execute("update app.draft set state = 'rejected' where id in (select id from app.draft where state = 'approved'"
                + " and tenant_id = '" + tenant + "' order by decided_at limit 12)");
        assertThat(mode(tenant)).isEqualTo("autopilot");
        reject(tenant, sampled).statusCode(200);

        assertThat(mode(tenant)).isEqualTo("review");
        assertThat(text("select string_agg(payload->>'mode' || ' ' || (payload->>'cause') || ' ' || (payload->>'rate'),"
                        + " ', ' order by seq) from app.stream_event where type = 'channel.autopilot-changed.v1'"
                        + " and tenant_id = '" + tenant + "'"))
                .matches("autopilot earned 0.95, review fell_back 0.8[34]");
        assertThat(AuditTrail.actions(AuditTrail.of(tenant, 7)))
                .contains("review-rule.change admin-" + tenant, "review-rule.fall-back service:channel-service");
        update(account, "s3cret", message(4, chat, 4, "four"));
        member(tenant).get("/api/v1/drafts/" + waiting(tenant)).then().body("sampled", equalTo(false));
    }

    @Test
    void manyAreDecidedAtOnceEachForItself() {
        TenantId tenant = newTenant();
        String account = reviewed(tenant);
        List<String> chats = List.of(chat("871"), chat("872"), chat("873"));
        for (int i = 0; i < 3; i++) {
            update(account, "s3cret", message(i + 1, chats.get(i), 1, "hello " + i));
        }
        await(() -> drafts(tenant).size() == 3);
        String rejected = draftFor(chats.get(0));
        reject(tenant, rejected).statusCode(200).body("reason", equalTo("rude"));
        String unknown = UUID.randomUUID().toString();

        member(tenant)
                .body(Map.of(
                        "ids",
                        List.of(rejected, draftFor(chats.get(1)), draftFor(chats.get(2)), unknown),
                        "decision",
                        "approve"))
                .post("/api/v1/drafts/decisions")
                .then()
                .statusCode(200)
                .body("items.state", contains(null, "approved", "approved", null))
                .body("items.code", contains("DRAFT_DECIDED", null, null, "NOT_FOUND"));

        await(() -> said(chats.get(1)).size() == 1 && said(chats.get(2)).size() == 1);
        assertThat(said(chats.get(0))).isEmpty();
        member(tenant).get("/api/v1/drafts?state=rejected").then().body("items.id", contains(rejected));
        member(tenant).get("/api/v1/drafts?state=nonsense").then().statusCode(400);

        update(account, "s3cret", message(4, chats.get(0), 2, "still there?"));
        String next = waiting(tenant);
        String operation = text("select operation_id from app.draft where id = '" + next + "'");
        assertThat(Fakes.RUN_REQUESTS.stream()
                        .filter(run -> run.path("operation_id").asText().equals(operation))
                        .findFirst()
                        .orElseThrow()
                        .path("messages")
                        .findValuesAsText("content"))
                .as("the agent knows what was asked, and nothing of what it was not let say")
                .containsExactly("hello 0", "still there?");
    }

    @Test
    void peopleDecideAndTheirOwnDraftsAlone() {
        TenantId tenant = newTenant();
        String account = reviewed(tenant);
        String chat = chat("88");
        update(account, "s3cret", message(1, chat, 1, "hello"));
        String draft = waiting(tenant);
        var key = List.of("chat", "read", "write");

        as(TestTokens.token(tenant, "api-key:1", List.of("api-key"), key))
                .get("/api/v1/drafts")
                .then()
                .statusCode(200)
                .body("items", hasSize(1));
        as(TestTokens.token(tenant, "api-key:1", List.of("api-key"), key))
                .post("/api/v1/drafts/" + draft + "/approve")
                .then()
                .statusCode(403);
        approve(newTenant(), draft).statusCode(404);
        reject(newTenant(), draft).statusCode(404);
        member(newTenant()).get("/api/v1/drafts/" + draft).then().statusCode(404);
        member(tenant)
                .body(Map.of("mode", "review"))
                .put("/api/v1/review-rules/concierge/telegram")
                .then()
                .statusCode(403);
        admin(tenant).delete("/api/v1/review-rules/concierge/telegram").then().statusCode(403);
        for (String path : List.of("concierge/web", "concierge/api", "nobody/telegram")) {
            admin(tenant)
                    .body(Map.of("mode", "review"))
                    .put("/api/v1/review-rules/" + path)
                    .then()
                    .statusCode(422)
                    .body("code", equalTo("REVIEW_NOT_POSSIBLE"));
        }
        owner(tenant).delete("/api/v1/review-rules/concierge/telegram").then().statusCode(204);
        update(account, "s3cret", message(2, chat, 2, "again"));
        await(() -> said(chat).size() == 1);
        assertThat(text("select state from app.draft where id = '" + draft + "'"))
                .as("the answer to the newer message is for both")
                .isEqualTo("superseded");
        assertThat(said(chat)).containsExactly("You said: hello\nagain");
    }

    private static String reviewed(TenantId tenant) {
        return reviewed(tenant, "concierge");
    }

    private static String reviewed(TenantId tenant, String agent) {
        String account = telegram(tenant, agent);
        put(tenant, agent, Map.of("mode", "review")).statusCode(200).body("mode", equalTo("review"));
        return account;
    }

    private static ValidatableResponse put(TenantId tenant, Map<String, Object> rule) {
        return put(tenant, "concierge", rule);
    }

    private static ValidatableResponse put(TenantId tenant, String agent, Map<String, Object> rule) {
        return admin(tenant)
                .body(rule)
                .put("/api/v1/review-rules/" + agent + "/telegram")
                .then();
    }

    private static io.restassured.specification.RequestSpecification owner(TenantId tenant) {
        return as(TestTokens.token(
                tenant, "owner-" + tenant, List.of("owner", "admin", "member"), List.of("chat", "read", "write")));
    }

    private static ValidatableResponse approve(TenantId tenant, String draft) {
        return member(tenant).post("/api/v1/drafts/" + draft + "/approve").then();
    }

    private static ValidatableResponse reject(TenantId tenant, String draft) {
        return member(tenant)
                .body(Map.of("reason", "rude"))
                .post("/api/v1/drafts/" + draft + "/reject")
                .then();
    }

    /** The only draft that waits, once it does. */
    private static String waiting(TenantId tenant) {
        await(() -> drafts(tenant).size() == 1);
        return drafts(tenant).getFirst();
    }

    private static List<String> drafts(TenantId tenant) {
        return member(tenant)
                .get("/api/v1/drafts?state=waiting")
                .then()
                .statusCode(200)
                .extract()
                .path("items.id");
    }

    private static String draftFor(String chat) {
        return text("select d.id from app.draft d join app.conversation c on c.id = d.conversation_id"
                + " where c.recipient = '" + chat + "'");
    }

    /** Drafts that people decided before, beside the one that there is. */
    private static void history(TenantId tenant, int count, String state) {
        execute("""
            insert into app.draft (tenant_id, id, conversation_id, operation_id, message_id, seq, agent, channel, epoch,
                                   original, text, sampled, state, decided_at, expires_at)
            select tenant_id, gen_random_uuid(), conversation_id, gen_random_uuid(), message_id, seq, agent, channel,
                   epoch, original, text, false, '%s', now(), expires_at
              from app.draft, generate_series(1, %d)
             where tenant_id = '%s' and operation_id in (select id from app.operation)
            """.formatted(state, count, tenant));
    }

    private static String mode(TenantId tenant) {
        return text("select mode from app.review_rule where tenant_id = '" + tenant + "'");
    }

    private static String conversationOf(TenantId tenant) {
        return text("select id from app.conversation where tenant_id = '" + tenant + "'");
    }

    private static String told(TenantId tenant) {
        return text(
                "select string_agg(type, ' ' order by seq) from app.stream_event where tenant_id = '" + tenant + "'");
    }
}
