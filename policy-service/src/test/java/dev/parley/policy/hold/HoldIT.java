package dev.parley.policy.hold;

import static dev.parley.policy.PolicyStory.atOnce;
import static dev.parley.policy.PolicyStory.check;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.PolicyStory;
import dev.parley.policy.PolicyStory.Answer;
import dev.parley.policy.credit.CreditService;
import dev.parley.policy.credit.CreditsClosed;
import dev.parley.policy.credit.CreditsGranted;
import dev.parley.testing.ParleyTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
class HoldIT {
    private static final String TOKENS = """
            {"message":{"credits":1,"per":1},"llm.input_tokens":{"credits":1,"per":1000},\
            "llm.output_tokens":{"credits":3,"per":1000}}""";
    private static final String BLOCK = "{\"mode\":\"block\"}";

    @Inject
    PolicyStory story;

    @Inject
    HoldSweeper sweeper;

    @Inject
    CreditService credits;

    @Inject
    Database database;

    @Test
    void whatCannotGetAtTheBalanceInTimeIsToBeTriedAgain() throws Exception {
        TenantId tenant = story.subscribed(10);
        UUID settled = UUID.randomUUID();
        UUID released = UUID.randomUUID();
        story.decide(tenant, settled);
        story.decide(tenant, released);

        List<Answer> answers = PolicyStory.whileLocked(
                tenant,
                List.of(
                        () -> story.decide(tenant, UUID.randomUUID()),
                        () -> story.settle(tenant, settled, "{\"message\":1}"),
                        () -> story.release(tenant, released)));

        assertThat(answers).allMatch(answer -> answer.status() == 503 && "1".equals(answer.retryAfter()));
        assertThat(story.settle(tenant, settled, "{\"message\":1}").number("credits"))
                .isEqualTo(1);
        check(tenant);
    }

    @Test
    void aBalanceThatSomebodyKeepsLockedIsTroubleOfItsTenantOnly() throws Exception {
        TenantId locked = story.subscribed(10);
        TenantId other = story.subscribed(10);
        story.decide(other, UUID.randomUUID());
        AtomicInteger ended = new AtomicInteger();
        AtomicInteger before = new AtomicInteger();
        List<Callable<Answer>> calls = new ArrayList<>(sameCall(40, () -> {
            Answer answer = story.decide(locked, UUID.randomUUID());
            ended.incrementAndGet();
            return answer;
        }));
        calls.add(() -> {
            Thread.sleep(300);
            Answer answer = story.decide(other, UUID.randomUUID());
            before.set(ended.get());
            return answer;
        });

        List<Answer> answers = PolicyStory.whileLocked(locked, calls);

        assertThat(answers.removeLast().status()).isEqualTo(200);
        assertThat(before)
                .as("whoever waits for a connection waits for 29 of them")
                .hasValueLessThan(20);
        assertThat(answers).allMatch(answer -> answer.status() == 503 && "1".equals(answer.retryAfter()));
        assertThat(story.decide(locked, UUID.randomUUID()).body().get("allow").asBoolean())
                .isTrue();
    }

    @Test
    void whatSeesAllTenantsWaitsForNoneOfThem() {
        assertThat(database.<String>acrossTenants(handle -> handle.createQuery("show lock_timeout")
                        .mapTo(String.class)
                        .one()))
                .isEqualTo("500ms");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"operation_id\":\"%s\",\"agent\":\"a\\u0000\",\"channel\":\"web\",\"estimate\":{}}",
                "{\"operation_id\":\"%s\",\"agent\":\"a\",\"channel\":\"w\\u0000\",\"estimate\":{}}",
                "{\"operation_id\":\"%s\",\"feature\":\"\\u0000\",\"estimate\":{},\"hold\":false}",
                "{\"operation_id\":\"%s\",\"user_id\":\"\\u0000\",\"estimate\":{},\"hold\":false}",
                "{\"operation_id\":\"%s\",\"conversation_id\":\"\\u0000\",\"estimate\":{},\"hold\":false}",
                "{\"operation_id\":\"%s\",\"estimate\":{\"\\u0000\":1},\"hold\":false}"
            })
    void whatCannotBeWrittenDownIsNotDecided(String request) {
        Answer answer =
                story.post(PolicyStory.newTenant(), "/internal/decisions", request.formatted(UUID.randomUUID()));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body().path("errors").get(0).path("detail").asText()).contains("U+0000");
    }

    @Test
    void fiveHundredAtOnceGetExactlyTheTenCreditsThereAre() throws Exception {
        TenantId tenant = story.subscribed(10);
        List<Callable<Answer>> calls = IntStream.range(0, 500)
                .<Callable<Answer>>mapToObj(i -> () -> story.decide(tenant, UUID.randomUUID()))
                .toList();

        List<Answer> answers = atOnce(64, calls);

        assertThat(answers.stream().filter(answer -> answer.body().get("allow").asBoolean()))
                .hasSize(10);
        assertThat(answers.stream().map(answer -> answer.text("reason_code")).filter("CREDITS_EXHAUSTED"::equals))
                .hasSize(490);
        assertThat(story.credits(tenant).number("held")).isEqualTo(10);
        assertThat(story.credits(tenant).number("remaining")).isZero();
        check(tenant);
    }

    @Test
    void parallelClaimsOfAQuotaGetExactlyTheQuota() throws Exception {
        TenantId tenant = story.subscribed(0, PolicyStory.entitlement("{}", "{\"tasks\":25}", BLOCK));
        List<Callable<Answer>> calls = IntStream.range(0, 200)
                .<Callable<Answer>>mapToObj(i -> () -> {
                    UUID operation = UUID.randomUUID();
                    Answer answer = story.decide(tenant, operation, "concierge", "web", "{\"tasks\":1}");
                    if (answer.body().get("allow").asBoolean() && i % 2 == 0) {
                        story.settle(tenant, operation, "{\"tasks\":1}");
                    }
                    return answer;
                })
                .toList();

        List<Answer> answers = atOnce(32, calls);

        assertThat(answers.stream().filter(answer -> answer.body().get("allow").asBoolean()))
                .hasSize(25);
        assertThat(PolicyStory.sql("""
                select (counters #>> '{tasks,used}')::bigint + (counters #>> '{tasks,held}')::bigint
                  from credit_account where tenant_id = ?""", tenant.value())).isEqualTo(25);
    }

    @Test
    void theSameOperationGetsTheSameHoldHoweverOftenItAsks() throws Exception {
        TenantId tenant = story.subscribed(10);
        UUID operation = UUID.randomUUID();

        List<Answer> answers = atOnce(32, sameCall(64, () -> story.decide(tenant, operation)));

        assertThat(answers).allMatch(answer -> answer.body().get("allow").asBoolean());
        assertThat(answers.stream().map(answer -> answer.body().get("hold")).collect(Collectors.toSet()))
                .hasSize(1);
        assertThat(answers.stream().map(answer -> answer.text("decision_id")).collect(Collectors.toSet()))
                .hasSize(1);
        assertThat(story.credits(tenant).number("held")).isEqualTo(1);
        check(tenant);
    }

    @Test
    void parallelSettlementsChargeOnceAndAnswerTheSame() throws Exception {
        TenantId tenant = story.subscribed(100, PolicyStory.entitlement(TOKENS, "{}", BLOCK));
        UUID operation = UUID.randomUUID();
        story.decide(tenant, operation);

        List<Answer> answers = atOnce(
                32,
                sameCall(
                        64,
                        () -> story.settle(
                                tenant,
                                operation,
                                "{\"message\":1,\"llm.input_tokens\":1200,\"llm.output_tokens\":400}")));

        Set<String> bodies =
                answers.stream().map(answer -> answer.body().toString()).collect(Collectors.toSet());
        assertThat(bodies).hasSize(1);
        assertThat(answers.getFirst().number("credits")).isEqualTo(5);
        assertThat(answers.getFirst().number("remaining")).isEqualTo(95);
        assertThat(story.published(tenant, "policy.usage-settled.v1", 1)).hasSize(1);
        check(tenant);
    }

    @Test
    void settlementGivesBackWhatWasNotUsedAndTellsBilling() {
        TenantId tenant = story.subscribed(100, PolicyStory.entitlement(TOKENS, "{}", BLOCK));
        UUID operation = UUID.randomUUID();
        Answer decision =
                story.decide(tenant, operation, "concierge", "web", "{\"message\":1,\"llm.input_tokens\":500}");

        Answer settlement =
                story.settle(tenant, operation, "{\"message\":1,\"llm.input_tokens\":700,\"llm.output_tokens\":10}");

        assertThat(decision.body().get("hold").get("credits").asLong()).isEqualTo(7);
        assertThat(decision.body().get("hold").get("id").asText()).isEqualTo(operation.toString());
        assertThat(settlement.number("credits")).isEqualTo(3);
        assertThat(settlement.body().get("lines"))
                .extracting(line -> line.get("meter").asText() + "=" + line.get("credits"))
                .containsExactly("llm.input_tokens=1", "llm.output_tokens=1", "message=1");
        assertThat(settlement.body().get("lines").get(0).get("usage_id").asText())
                .isEqualTo(UsageIds.of(tenant, operation, "llm.input_tokens").toString());
        JsonNode event = story.published(tenant, "policy.usage-settled.v1", 1).getFirst();
        assertThat(event.get("operation_id").asText()).isEqualTo(operation.toString());
        assertThat(event.get("credits").asLong()).isEqualTo(3);
        assertThat(event.get("user_id").asText()).isEqualTo("u1");
        assertThat(event.get("lines").get(2).get("usage_id"))
                .isEqualTo(settlement.body().get("lines").get(2).get("usage_id"));
        assertThat(event.has("tenant")).isFalse();
        assertThat(credits(tenant)).isEqualTo("granted 100 used 3 held 0 remaining 97 overage 0");
        check(tenant);
    }

    @Test
    void usageBeyondTheHoldIsTakenFromTheBalanceButNeverBelowZero() {
        TenantId tenant = story.subscribed(10);
        UUID within = UUID.randomUUID();
        UUID beyond = UUID.randomUUID();
        UUID other = UUID.randomUUID();
        story.decide(tenant, within);
        story.decide(tenant, beyond);
        story.decide(tenant, other);

        assertThat(story.settle(tenant, within, "{\"message\":4}").number("credits"))
                .isEqualTo(4);
        Answer limited = story.settle(tenant, beyond, "{\"message\":50}");

        assertThat(limited.number("credits")).isEqualTo(5);
        assertThat(limited.body().get("lines").get(0).get("credits").asLong()).isEqualTo(5);
        assertThat(limited.body().get("lines").get(0).get("quantity").asLong()).isEqualTo(50);
        assertThat(credits(tenant)).isEqualTo("granted 10 used 9 held 1 remaining 0 overage 0");
        assertThat(story.get(tenant, "/internal/operations/" + beyond).body().get("steps"))
                .extracting(step -> step.get("step").asText()
                        + step.get("detail").path("not_charged").asText())
                .containsExactlyInAnyOrder("decided", "held", "settled45");
        check(tenant);
    }

    @Test
    void overageGoesDownToTheCapAndTheNextLotPaysIt() {
        TenantId tenant = story.subscribed(
                5,
                PolicyStory.entitlement(
                        PolicyStory.RATES_MESSAGE, "{}", "{\"mode\":\"carry_debt_to_next_cycle\",\"cap\":3}"));
        List<UUID> operations =
                IntStream.range(0, 9).mapToObj(i -> UUID.randomUUID()).toList();
        long allowed = operations.stream()
                .filter(operation ->
                        story.decide(tenant, operation).body().get("allow").asBoolean())
                .count();
        operations.stream().limit(8).forEach(operation -> story.settle(tenant, operation, "{\"message\":1}"));

        assertThat(allowed).isEqualTo(8);
        assertThat(credits(tenant)).isEqualTo("granted 5 used 8 held 0 remaining 0 overage 3");

        story.subscription(tenant, "credits-granted", PolicyStory.grant(UUID.randomUUID(), 100, null));
        story.awaitEntitlement(tenant, 1, 97);

        assertThat(credits(tenant)).isEqualTo("granted 105 used 8 held 0 remaining 97 overage 0");
        assertThat(story.credits(tenant).body().get("lots"))
                .extracting(lot -> lot.get("remaining").asLong())
                .containsExactly(0L, 97L);
        check(tenant);
    }

    @Test
    void releaseFreesTheHoldAndTheSameOperationMayTryAgain() {
        TenantId tenant = story.subscribed(1);
        UUID operation = UUID.randomUUID();
        story.decide(tenant, operation);

        assertThat(story.release(tenant, operation).body().toString()).isEqualTo("{\"charged\":{}}");
        assertThat(story.release(tenant, operation).body().toString()).isEqualTo("{\"charged\":{}}");
        assertThat(credits(tenant)).isEqualTo("granted 1 used 0 held 0 remaining 1 overage 0");

        assertThat(story.decide(tenant, operation).body().get("allow").asBoolean())
                .isTrue();
        assertThat(story.settle(tenant, operation, "{\"message\":1}").number("credits"))
                .isEqualTo(1);
        assertThat(story.release(tenant, operation).body().toString()).isEqualTo("{\"charged\":{\"message\":1}}");
        assertThat(credits(tenant)).isEqualTo("granted 1 used 1 held 0 remaining 0 overage 0");
        check(tenant);
    }

    @Test
    void workDoneAfterItsHoldWasReleasedIsChargedAsFarAsTheBalanceAllows() {
        TenantId tenant = story.subscribed(3);
        UUID late = UUID.randomUUID();
        UUID other = UUID.randomUUID();
        story.decide(tenant, late);
        story.release(tenant, late);
        story.decide(tenant, other);

        assertThat(story.settle(tenant, late, "{\"message\":5}").number("credits"))
                .isEqualTo(2);
        assertThat(story.settle(tenant, late, "{\"message\":5}").number("credits"))
                .isEqualTo(2);
        assertThat(credits(tenant)).isEqualTo("granted 3 used 2 held 1 remaining 0 overage 0");
        check(tenant);
    }

    @Test
    void termsInMemoryNeverAllowWhatACommittedChangeForbids() {
        TenantId tenant = story.subscribed(10);
        assertThat(story.decide(tenant, UUID.randomUUID()).body().get("allow").asBoolean())
                .isTrue();

        // As another replica would write it: this one has no event yet.
        PolicyStory.sql("update entitlement set suspended = true where tenant_id = ?", tenant.value());
        PolicyStory.sql(
                "update credit_account set policy_version = policy_version + 1 where tenant_id = ?", tenant.value());

        assertThat(story.decide(tenant, UUID.randomUUID()).text("reason_code")).isEqualTo("TENANT_SUSPENDED");
        assertThat(story.credits(tenant).number("held")).isEqualTo(1);
    }

    @Test
    void whateverHappensInWhateverOrderTheSumsAgree() throws Exception {
        long seed = 20261121;
        TenantId tenant = story.subscribed(
                60,
                PolicyStory.entitlement(
                        PolicyStory.RATES_MESSAGE, "{\"message\":90}", "{\"mode\":\"charge_up_to_cap\",\"cap\":5}"));
        List<UUID> operations =
                IntStream.range(0, 30).mapToObj(i -> UUID.randomUUID()).toList();
        List<Callable<Integer>> actions = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            Random random = new Random(seed + i);
            UUID operation = operations.get(random.nextInt(operations.size()));
            int choice = random.nextInt(100);
            long quantity = random.nextInt(5);
            actions.add(() -> act(tenant, operation, choice, quantity));
        }

        List<Integer> answers = atOnce(8, actions);
        age(tenant);
        sweeper.sweep();

        assertThat(answers).containsOnly(200, 404);
        check(tenant);
        Answer credits = story.credits(tenant);
        long charged = PolicyStory.sql(
                "select coalesce(sum(charged), 0) from hold where tenant_id = ? and state = 'settled'", tenant.value());
        long granted = PolicyStory.sql("select sum(granted) from credit_lot where tenant_id = ?", tenant.value());
        long unspent =
                PolicyStory.sql("select coalesce(sum(unspent), 0) from credit_lot where tenant_id = ?", tenant.value());
        assertThat(credits.number("granted") - credits.number("used")).isEqualTo(granted - unspent - charged);
        assertThat(credits.number("overage")).isBetween(0L, 5L);
        assertThat(credits.number("held")).isZero();
        assertThat(PolicyStory.sql(
                        "select (counters #>> '{message,held}')::bigint from credit_account where tenant_id = ?",
                        tenant.value()))
                .isZero();
    }

    private int act(TenantId tenant, UUID operation, int choice, long quantity) {
        if (choice < 45) {
            return story.decide(tenant, operation).status();
        } else if (choice < 70) {
            return story.settle(tenant, operation, "{\"message\":" + quantity + "}")
                    .status();
        } else if (choice < 85) {
            return story.release(tenant, operation).status();
        } else if (choice < 92) {
            age(tenant);
            sweeper.sweep();
            return 200;
        }
        database.useTenant(tenant, handle -> {
            UUID lot = UUID.randomUUID();
            credits.grant(handle, tenant, new CreditsGranted(lot, "pack", 3, null, null));
            if (choice < 96) {
                credits.close(handle, tenant, new CreditsClosed(lot, "test"));
            }
        });
        return 200;
    }

    @Test
    void settlingWhatNeverHeldIsNotFound() {
        Answer answer = story.settle(story.subscribed(1), UUID.randomUUID(), "{\"message\":1}");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text("code")).isEqualTo("HOLD_NOT_FOUND");
    }

    @Test
    void expiredHoldsGiveTheirCreditsBackAndSaySo() {
        TenantId tenant =
                story.subscribed(2, PolicyStory.entitlement(PolicyStory.RATES_MESSAGE, "{\"message\":2}", BLOCK));
        UUID operation = UUID.randomUUID();
        story.decide(tenant, operation);
        age(tenant);

        sweeper.sweep();

        assertThat(credits(tenant)).isEqualTo("granted 2 used 0 held 0 remaining 2 overage 0");
        JsonNode event = story.published(tenant, "policy.hold-expired.v1", 1).getFirst();
        assertThat(event.get("operation_id").asText()).isEqualTo(operation.toString());
        assertThat(event.get("credits").asLong()).isEqualTo(1);
        assertThat(story.settle(tenant, operation, "{\"message\":1}").number("credits"))
                .isEqualTo(1);
        assertThat(PolicyStory.sql(
                        "select (counters #>> '{message,used}')::bigint * 10 + (counters #>> '{message,held}')::bigint from credit_account where tenant_id = ?",
                        tenant.value()))
                .isEqualTo(10);
        check(tenant);
    }

    @Test
    void settlementsAndExpiryAtTheSameMomentChargeEachOperationOnce() throws Exception {
        TenantId tenant = story.subscribed(1000);
        List<UUID> operations =
                IntStream.range(0, 60).mapToObj(i -> UUID.randomUUID()).toList();
        operations.forEach(operation -> story.decide(tenant, operation));
        age(tenant);
        List<Callable<Answer>> calls = new ArrayList<>();
        operations.forEach(operation -> {
            calls.add(() -> story.settle(tenant, operation, "{\"message\":2}"));
            calls.add(() -> {
                sweeper.sweep();
                return new Answer(200, null, null);
            });
            calls.add(() -> story.settle(tenant, operation, "{\"message\":2}"));
        });

        List<Answer> answers = atOnce(16, calls);

        assertThat(answers).allMatch(answer -> answer.status() == 200);
        // What a replica wrote of its lease just before the last settlement is shown until it writes it again.
        PolicyStory.await(() -> credits(tenant).equals("granted 1000 used 120 held 0 remaining 880 overage 0"));
        assertThat(story.published(tenant, "policy.usage-settled.v1", 60)).hasSize(60);
        check(tenant);
    }

    @Test
    void thresholdsAreAnnouncedOnceEach() {
        TenantId tenant = story.subscribed(10);
        for (int i = 0; i < 10; i++) {
            UUID operation = UUID.randomUUID();
            story.decide(tenant, operation);
            story.settle(tenant, operation, "{\"message\":1}");
        }

        assertThat(story.published(tenant, "policy.threshold-reached.v1", 2))
                .map(JsonNode::toString)
                .containsExactly("{\"percent\":80,\"remaining\":2}", "{\"percent\":100,\"remaining\":0}");
    }

    @Test
    void aBusyTenantIsServedFromMemoryAndSettledByTheHoldsName() {
        TenantId tenant = story.subscribed(10_000);
        Map<UUID, String> holds = new HashMap<>();
        PolicyStory.await(() -> {
            UUID operation = UUID.randomUUID();
            Answer answer = story.decide(tenant, operation);
            assertThat(answer.body().get("allow").asBoolean()).isTrue();
            holds.put(operation, answer.body().get("hold").get("id").asText());
            return holds.entrySet().stream().filter(HoldIT::isOpaque).count() >= 20;
        });

        holds.forEach((operation, hold) -> assertThat(
                        story.settle(tenant, operation, "{\"message\":1}", hold).number("credits"))
                .isEqualTo(1));

        String settled = "granted 10000 used %1$d held 0 remaining %2$d overage 0"
                .formatted(holds.size(), 10_000 - holds.size());
        PolicyStory.await(() -> credits(tenant).equals(settled));
        UUID one = holds.entrySet().stream()
                .filter(HoldIT::isOpaque)
                .findFirst()
                .orElseThrow()
                .getKey();
        PolicyStory.await(() -> story.get(tenant, "/internal/operations/" + one)
                        .body()
                        .get("steps")
                        .size()
                == 3);
        List<JsonNode> events = story.published(tenant, "policy.usage-settled.v1", holds.size());
        assertThat(events).hasSize(holds.size());
        assertThat(events).allMatch(event -> event.get("granted").asLong() == 10_000);
        assertThat(events.stream()
                        .mapToLong(event -> event.get("remaining").asLong()
                                + event.get("held").asLong()))
                .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(10_000 - holds.size(), 9_999)
                        .boxed()
                        .toList());
        check(tenant);
    }

    private static boolean isOpaque(Map.Entry<UUID, String> hold) {
        return !hold.getValue().equals(hold.getKey().toString());
    }

    @Test
    void aDecisionIsNeverOnOlderTermsThanTheCallerKnowsOf() {
        TenantId tenant = story.subscribed(10);
        String question = """
                {"operation_id":"%s","agent":"concierge","channel":"web","estimate":{"message":1},"min_policy_version":%d}""";

        Answer reached = story.post(tenant, "/internal/decisions", question.formatted(UUID.randomUUID(), 1));
        Answer not = story.post(tenant, "/internal/decisions", question.formatted(UUID.randomUUID(), 2));

        assertThat(reached.body().get("allow").asBoolean()).isTrue();
        assertThat(not.status()).isEqualTo(503);
        assertThat(not.text("code")).isEqualTo("POLICY_VERSION_NOT_REACHED");
        assertThat(story.credits(tenant).number("held")).isEqualTo(1);
    }

    /** Leaves alone what somebody works on, so that it never waits with locks of its own. */
    private void age(TenantId tenant) {
        PolicyStory.sql(
                "with free as (select operation_id from hold where tenant_id = ? and state = 'held' for update skip locked)"
                        + " update hold h set expires_at = now() - interval '1 second' from free"
                        + " where h.tenant_id = ? and h.operation_id = free.operation_id",
                tenant.value(),
                tenant.value());
    }

    private String credits(TenantId tenant) {
        Answer answer = story.credits(tenant);
        return "granted %d used %d held %d remaining %d overage %d"
                .formatted(
                        answer.number("granted"),
                        answer.number("used"),
                        answer.number("held"),
                        answer.number("remaining"),
                        answer.number("overage"));
    }

    private static <T> List<Callable<T>> sameCall(int times, Callable<T> call) {
        return IntStream.range(0, times).mapToObj(i -> call).toList();
    }
}
