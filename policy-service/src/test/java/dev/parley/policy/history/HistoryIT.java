package dev.parley.policy.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.PolicyStory;
import dev.parley.policy.PolicyStory.Answer;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.PostgresServer;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
class HistoryIT {
    private static final String PATH = "/api/v1/policy/decisions";

    @Inject
    PolicyStory story;

    @Test
    void theLogIsSearchedByWhatWasDecidedAndPagedNewestFirst() {
        TenantId tenant = story.subscribed(100);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            String agent = i % 2 == 0 ? "concierge" : i == 3 ? "sales" : "support";
            String channel = i == 6 ? "sms" : "web";
            ids.addFirst(story.decide(tenant, UUID.randomUUID(), agent, channel, "{\"message\":1}")
                    .text("decision_id"));
        }

        PolicyStory.awaitLogged(tenant, 7);

        assertThat(found(tenant, "")).containsExactlyElementsOf(ids);
        assertThat(found(tenant, "?allow=false")).containsExactly(ids.get(0), ids.get(3));
        assertThat(found(tenant, "?allow=true")).hasSize(5);
        assertThat(found(tenant, "?reason_code=AGENT_NOT_IN_PLAN")).containsExactly(ids.get(3));
        assertThat(found(tenant, "?reason_code=CHANNEL_NOT_IN_PLAN&agent=concierge"))
                .containsExactly(ids.get(0));
        assertThat(found(tenant, "?agent=support")).containsExactly(ids.get(1), ids.get(5));
        assertThat(found(tenant, "?channel=sms&allow=true")).isEmpty();
        assertThat(found(tenant, "?from=" + Instant.now().plusSeconds(60))).isEmpty();
        assertThat(found(tenant, "?to=" + Instant.now().minusSeconds(600))).isEmpty();
        assertThat(found(tenant, "?from=2026-01-01T00:00:00Z&to=2999-01-01T00:00:00Z"))
                .hasSize(7);
        assertThat(found(PolicyStory.newTenant(), "")).isEmpty();

        List<String> paged = new ArrayList<>();
        String cursor = "";
        do {
            Answer page = get(tenant, PATH + "?limit=3" + cursor);
            page.body()
                    .path("items")
                    .forEach(item -> paged.add(item.path("decision_id").asText()));
            cursor = page.body().has("next_cursor") ? "&cursor=" + page.text("next_cursor") : "";
        } while (!cursor.isEmpty());
        assertThat(paged).containsExactlyElementsOf(ids);
    }

    @Test
    void aDecisionTellsItsLimitsAsTheyWereAndWhatToDo() {
        TenantId tenant = story.subscribed(
                3, PolicyStory.entitlement(PolicyStory.RATES_MESSAGE, "{\"tasks\":2}", "{\"mode\":\"block\"}"));
        UUID operation = UUID.randomUUID();
        String allowed = story.decide(tenant, operation, "concierge", "web", "{\"message\":1,\"tasks\":2}")
                .text("decision_id");
        String refused = story.decide(tenant, UUID.randomUUID(), "concierge", "web", "{\"tasks\":1}")
                .text("decision_id");
        String broke = story.decide(tenant, UUID.randomUUID(), "concierge", "web", "{\"message\":3}")
                .text("decision_id");
        story.settle(tenant, operation, "{\"message\":1}");
        story.subscription(
                tenant,
                "subscription-changed",
                PolicyStory.change(
                        2, "active", PolicyStory.entitlement(PolicyStory.RATES_MESSAGE, "{}", "{\"mode\":\"block\"}")));
        story.awaitEntitlement(tenant, 2, 2);

        JsonNode first = get(tenant, PATH + "/" + allowed).body();
        assertThat(first.path("operation_id").asText()).isEqualTo(operation.toString());
        assertThat(first.path("credits").asLong()).isEqualTo(1);
        assertThat(first.path("plan").asText()).isEqualTo("starter");
        assertThat(first.path("user_id").asText()).isEqualTo("u1");
        assertThat(first.path("limits_applied").toString()).isEqualTo("""
                [{"meter":"credits","limit":3,"used":0,"held":0,"remaining":3,"resets_at":"2026-12-01T00:00:00Z"},\
                {"meter":"tasks","limit":2,"used":0,"held":0,"remaining":2,"resets_at":"2026-12-01T00:00:00Z"}]""");
        JsonNode second = get(tenant, PATH + "/" + refused).body();
        assertThat(second.path("reason_code").asText()).isEqualTo("QUOTA_EXCEEDED");
        assertThat(second.path("rule_id").asText()).isEqualTo("plan.quotas.tasks");
        assertThat(second.path("remedy").asText()).startsWith("Change to a plan with a higher quota");
        assertThat(second.path("limits_applied").toString()).isEqualTo("""
                [{"meter":"credits","limit":3,"used":0,"held":1,"remaining":2,"resets_at":"2026-12-01T00:00:00Z"},\
                {"meter":"tasks","limit":2,"used":0,"held":2,"remaining":0,"resets_at":"2026-12-01T00:00:00Z"}]""");
        JsonNode third = get(tenant, PATH + "/" + broke).body();
        assertThat(third.path("reason_code").asText()).isEqualTo("CREDITS_EXHAUSTED");
        assertThat(third.path("limits_applied").toString()).isEqualTo("""
                [{"meter":"credits","limit":3,"used":0,"held":1,"remaining":2,"resets_at":"2026-12-01T00:00:00Z"}]""");
    }

    @Test
    void anotherTenantsDecisionIsNotThereAndBadQuestionsAreRefused() {
        TenantId owner = story.subscribed(1);
        TenantId other = PolicyStory.newTenant();
        String id = story.decide(owner, UUID.randomUUID()).text("decision_id");

        assertThat(get(owner, PATH + "/" + id).status()).isEqualTo(200);
        assertThat(get(other, PATH + "/" + id).status()).isEqualTo(404);
        assertThat(get(owner, PATH + "?from=yesterday").status()).isEqualTo(422);
        assertThat(get(owner, PATH + "?allow=perhaps").status()).isEqualTo(422);
        assertThat(get(owner, PATH + "?cursor=bm9uZQ").status()).isEqualTo(400);
        for (String name : List.of("agent", "channel", "reason_code")) {
            Answer unstorable = get(owner, PATH + "?" + name + "=%00");
            assertThat(unstorable.status()).isEqualTo(422);
            assertThat(unstorable.body().at("/errors/0/pointer").asText()).isEqualTo("/" + name);
        }
        assertThat(story.call("GET", PATH, TestTokens.apiKey(owner, "chat"), null)
                        .status())
                .isEqualTo(403);
        assertThat(story.call("GET", PATH, TestTokens.apiKey(owner, "read"), null)
                        .status())
                .isEqualTo(200);
        assertThat(story.call("GET", PATH, null, null).status()).isEqualTo(401);
    }

    @Test
    void aPageLooksAtABoundedPartOfTheLogAndTheNextOneGoesOn() {
        TenantId tenant = story.subscribed(1);
        logged("denied", tenant, 1, false);
        logged("searched", tenant, 1, true);
        logged("other", tenant, 15_000, true);

        Answer first = get(tenant, PATH + "?agent=searched");
        Answer second = get(tenant, PATH + "?agent=searched&cursor=" + first.text("next_cursor"));

        assertThat(first.body().path("items")).isEmpty();
        assertThat(second.body().path("items")).hasSize(1);
        assertThat(second.body().has("next_cursor")).isFalse();
        assertThat(found(tenant, "?allow=false")).as("denials have an index").hasSize(1);
        assertThat(get(tenant, PATH + "?agent=other&limit=2").body().path("items"))
                .hasSize(2);
    }

    private static void logged(String agent, TenantId tenant, int times, boolean allow) {
        PolicyStory.sql("""
                insert into decision (tenant_id, operation_id, id, agent, channel, estimate, allow, reason_code, rule_id,
                                      policy_version, credits)
                select ?, gen_random_uuid(), uuidv7(), ?, 'web', '{}', ?, 'X', 'x', 1, 0 from generate_series(1, ?)
                """, tenant.value(), agent, allow, times);
    }

    @Test
    void onlySoManySearchesOfATenantRunAtOnce() throws Exception {
        TenantId tenant = story.subscribed(1);
        AtomicInteger refused = new AtomicInteger();
        List<Answer> answers;
        try (Connection other = PostgresServer.shared().superuser(ParleyTestResource.DATABASE);
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("lock table decision in access exclusive mode");
            Callable<Answer> search = () -> {
                Answer answer = get(tenant, PATH);
                // Who had its turn and waited too long for the lock comes again: only the others were sent away.
                for (int again = 0; answer.status() == 503 && !isSentAway(answer) && again < 20; again++) {
                    answer = get(tenant, PATH);
                }
                if (isSentAway(answer) && refused.incrementAndGet() == 3) {
                    other.rollback();
                }
                return answer;
            };

            answers = PolicyStory.atOnce(5, Collections.nCopies(5, search));
        }

        assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(2);
        assertThat(answers.stream().filter(answer -> answer.status() == 503 && "1".equals(answer.retryAfter())))
                .hasSize(3);
        assertThat(get(tenant, PATH).status()).isEqualTo(200);
    }

    private static boolean isSentAway(Answer answer) {
        return answer.status() == 503 && String.valueOf(answer.text("detail")).startsWith("Too much is asked");
    }

    private List<String> found(TenantId tenant, String query) {
        List<String> ids = new ArrayList<>();
        get(tenant, PATH + query)
                .body()
                .path("items")
                .forEach(item -> ids.add(item.path("decision_id").asText()));
        return ids;
    }

    private Answer get(TenantId tenant, String path) {
        return story.call("GET", path, TestTokens.member(tenant, "member"), null);
    }
}
