package dev.parley.policy.inbound;

import static dev.parley.policy.PolicyStory.await;
import static dev.parley.policy.PolicyStory.change;
import static dev.parley.policy.PolicyStory.check;
import static dev.parley.policy.PolicyStory.entitlement;
import static dev.parley.policy.PolicyStory.grant;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.PolicyStory;
import dev.parley.policy.PolicyStory.Answer;
import dev.parley.policy.credit.DriftProbe;
import dev.parley.testing.ParleyTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
class EventsIT {
    private static final String TOPIC = "billing.subscription.events";
    private static final String ENTITLEMENT = entitlement(PolicyStory.RATES_MESSAGE, "{}", "{\"mode\":\"block\"}");

    @Inject
    PolicyStory story;

    @Inject
    DriftProbe probe;

    @Test
    void repeatedAndReorderedEventsEndInTheSameState() {
        Random random = new Random(7);
        List<TenantId> tenants = new ArrayList<>();
        for (int round = 0; round < 10; round++) {
            TenantId tenant = PolicyStory.newTenant();
            UUID trial = UUID.randomUUID();
            UUID plan = UUID.randomUUID();
            List<Runnable> events = new ArrayList<>();
            for (int copy = 0; copy < 2; copy++) {
                events.add(() -> story.subscription(tenant, "subscription-changed", change(1, "trial", ENTITLEMENT)));
                events.add(() -> story.subscription(tenant, "subscription-changed", change(2, "active", ENTITLEMENT)));
                events.add(
                        () -> story.subscription(tenant, "subscription-changed", change(3, "past_due", ENTITLEMENT)));
                events.add(() -> story.subscription(tenant, "credits-granted", grant(trial, 50, null)));
                events.add(() -> story.subscription(
                        tenant, "credits-closed", "{\"lot_id\":\"" + trial + "\",\"reason\":\"plan change\"}"));
                events.add(() -> story.subscription(tenant, "credits-granted", grant(plan, 100, null)));
            }
            UUID repeated = Ids.next();
            events.add(
                    () -> story.publish(repeated, tenant, TOPIC, "billing.credits-granted.v1", grant(plan, 100, null)));
            events.add(
                    () -> story.publish(repeated, tenant, TOPIC, "billing.credits-granted.v1", grant(plan, 100, null)));
            Collections.shuffle(events, random);
            events.forEach(Runnable::run);
            tenants.add(tenant);
        }

        for (TenantId tenant : tenants) {
            story.awaitEntitlement(tenant, 3, 100);
            assertThat(story.published(tenant, "policy.lot-closed.v1", 1)).hasSize(1);
            Answer entitlement = story.get(tenant, "/internal/entitlements");
            assertThat(entitlement.body().toString())
                    .isEqualTo(
                            "{\"plan\":\"starter\",\"plan_version\":2,\"subscription_status\":\"past_due\",\"version\":3,\"remaining\":100}");
            assertThat(story.credits(tenant).body().get("lots")).hasSize(1);
            check(tenant);
        }
    }

    @Test
    void closingALotTakesWhatIsUnspentAndNothingGoesNegative() {
        TenantId tenant = PolicyStory.newTenant();
        UUID lot = UUID.randomUUID();
        story.subscription(tenant, "subscription-changed", change(1, "active", ENTITLEMENT));
        story.subscription(tenant, "credits-granted", grant(lot, 10, null));
        story.awaitEntitlement(tenant, 1, 10);
        UUID spent = UUID.randomUUID();
        UUID running = UUID.randomUUID();
        story.decide(tenant, spent);
        story.settle(tenant, spent, "{\"message\":4}");
        story.decide(tenant, running);

        story.subscription(tenant, "credits-closed", "{\"lot_id\":\"" + lot + "\",\"reason\":\"plan change\"}");
        JsonNode closed = story.published(tenant, "policy.lot-closed.v1", 1).getFirst();

        assertThat(closed.toString()).isEqualTo("{\"lot_id\":\"" + lot + "\",\"unspent\":6}");
        Answer credits = story.credits(tenant);
        assertThat(credits.body().toString())
                .isEqualTo(
                        "{\"granted\":0,\"used\":0,\"held\":1,\"remaining\":0,\"overage\":0,\"period_end\":\"2026-12-01T00:00:00Z\",\"lots\":[]}");
        assertThat(story.settle(tenant, running, "{\"message\":1}").number("credits"))
                .isZero();
        assertThat(story.credits(tenant).number("overage")).isZero();
        check(tenant);
    }

    @Test
    void aPlanChangeLetsRunningWorkBePaidFromTheNewLot() {
        TenantId tenant = PolicyStory.newTenant();
        UUID trial = UUID.randomUUID();
        UUID plan = UUID.randomUUID();
        story.subscription(tenant, "subscription-changed", change(1, "trial", ENTITLEMENT));
        story.subscription(tenant, "credits-granted", grant(trial, 10, null));
        story.awaitEntitlement(tenant, 1, 10);
        UUID running = UUID.randomUUID();
        story.decide(tenant, running);

        story.subscription(tenant, "subscription-changed", change(2, "active", ENTITLEMENT));
        story.subscription(tenant, "credits-closed", "{\"lot_id\":\"" + trial + "\",\"reason\":\"plan change\"}");
        story.subscription(tenant, "credits-granted", grant(plan, 100, Instant.parse("2099-01-01T00:00:00Z")));
        story.awaitEntitlement(tenant, 2, 99);

        assertThat(story.settle(tenant, running, "{\"message\":3}").number("credits"))
                .isEqualTo(3);
        assertThat(story.credits(tenant).body().get("lots").toString())
                .isEqualTo(
                        "[{\"id\":\"" + plan
                                + "\",\"source\":\"plan\",\"granted\":100,\"remaining\":97,\"expires_at\":\"2099-01-01T00:00:00Z\"}]");
        check(tenant);
    }

    @Test
    void lotsAreSpentInOrderOfExpiryAndEndWhenTheyExpire() {
        TenantId tenant = PolicyStory.newTenant();
        UUID pack = UUID.randomUUID();
        UUID soon = UUID.randomUUID();
        Instant end = Instant.now().plusSeconds(8).truncatedTo(ChronoUnit.MILLIS);
        story.subscription(tenant, "subscription-changed", change(1, "active", ENTITLEMENT));
        story.subscription(tenant, "credits-granted", grant(pack, 20, null));
        story.subscription(tenant, "credits-granted", grant(soon, 10, end));
        story.awaitEntitlement(tenant, 1, 30);
        UUID operation = UUID.randomUUID();
        story.decide(tenant, operation);
        story.settle(tenant, operation, "{\"message\":4}");
        assertThat(story.credits(tenant).body().get("lots"))
                .extracting(lot -> lot.get("remaining").asLong())
                .containsExactly(6L, 20L);

        JsonNode closed = story.published(tenant, "policy.lot-closed.v1", 1).getFirst();

        assertThat(closed.toString()).isEqualTo("{\"lot_id\":\"" + soon + "\",\"unspent\":6}");
        assertThat(story.credits(tenant).number("remaining")).isEqualTo(20);
        check(tenant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth.tenant-suspended.v1", "auth.tenant-deleted.v1"})
    void aStoppedTenantIsRefusedUntilItIsRestored(String event) {
        TenantId tenant = story.subscribed(5);
        assertThat(story.decide(tenant, UUID.randomUUID()).body().get("allow").asBoolean())
                .isTrue();

        story.publish(tenant, "auth.tenant.events", event, "{\"tenant_id\":\"" + tenant + "\",\"reason\":\"abuse\"}");
        // One operation, which holds one credit until then, however long it takes.
        UUID asked = UUID.randomUUID();
        await(() -> "TENANT_SUSPENDED".equals(story.decide(tenant, asked).text("reason_code")));
        Answer refused = story.decide(tenant, UUID.randomUUID());
        assertThat(refused.text("reason_code")).isEqualTo("TENANT_SUSPENDED");
        long version = refused.number("policy_version");

        story.publish(
                tenant,
                "auth.tenant.events",
                "auth.tenant-restored.v1",
                "{\"tenant_id\":\"" + tenant + "\",\"reason\":\"\"}");
        UUID operation = UUID.randomUUID();
        await(() -> story.decide(tenant, operation).body().get("allow").asBoolean());
        assertThat(story.decide(tenant, UUID.randomUUID()).number("policy_version"))
                .isEqualTo(version + 1);
    }

    @Test
    void aRunWhoseCallerDiedIsSettledFromItsUsageEvent() {
        TenantId tenant = story.subscribed(5);
        UUID operation = UUID.randomUUID();
        story.decide(tenant, operation);
        String usage = """
                {"operation_id":"%s","run_id":"%s","conversation_id":"%s","agent":"concierge","channel":"web",\
                "prompt_version":1,"provider":"demo","model":"demo","quantities":{"llm.input_tokens":10,"llm.output_tokens":5},\
                "estimated":true}""".formatted(operation, UUID.randomUUID(), UUID.randomUUID());

        story.publish(tenant, "agent.usage.events", "agent.usage-recorded.v1", usage);
        story.publish(tenant, "agent.usage.events", "agent.usage-recorded.v1", usage);

        JsonNode event = story.published(tenant, "policy.usage-settled.v1", 1).getFirst();
        assertThat(event.get("credits").asLong()).isEqualTo(1);
        assertThat(event.get("lines").get(0).get("estimated").asBoolean()).isTrue();
        assertThat(story.settle(tenant, operation, "{\"message\":1}").number("credits"))
                .isEqualTo(1);
        assertThat(story.credits(tenant).number("used")).isEqualTo(1);
        check(tenant);
    }

    @Test
    void onlyTheCallerSaysWhetherAMessageWasDelivered() {
        TenantId tenant = story.subscribed(5);
        UUID superseded = UUID.randomUUID();
        UUID givenBack = UUID.randomUUID();
        story.decide(tenant, superseded);
        story.decide(tenant, givenBack);

        story.publish(tenant, "agent.usage.events", "agent.usage-recorded.v1", usage(superseded, "platform"));
        assertThat(story.settle(tenant, superseded, "{\"message\":0,\"llm.input_tokens\":10}")
                        .number("credits"))
                .isZero();
        story.release(tenant, givenBack);
        story.publish(tenant, "agent.usage.events", "agent.usage-recorded.v1", usage(givenBack, "platform"));

        assertThat(story.published(tenant, "policy.usage-settled.v1", 2))
                .allSatisfy(event -> assertThat(event.get("lines"))
                        .hasSize(event.get("operation_id").asText().equals(superseded.toString()) ? 1 : 2)
                        .noneMatch(line -> line.get("meter").asText().equals("message")));
        assertThat(story.credits(tenant).number("used")).isZero();
        check(tenant);
    }

    @Test
    void whoPaysTheProviderItselfPaysForTheMessageAlone() {
        TenantId tenant = story.subscribed(5);
        UUID operation = UUID.randomUUID();
        story.decide(tenant, operation);

        story.publish(tenant, "agent.usage.events", "agent.usage-recorded.v1", usage(operation, "tenant"));

        assertThat(story.published(tenant, "policy.usage-settled.v1", 1)
                        .getFirst()
                        .get("lines"))
                .singleElement()
                .satisfies(line -> assertThat(line.get("meter").asText()).isEqualTo("message"));
    }

    private static String usage(UUID operation, String keyOwner) {
        return """
                {"operation_id":"%s","run_id":"%s","agent":"concierge","channel":"web","prompt_version":1,\
                "provider":"demo","model":"demo","quantities":{"llm.input_tokens":10,"llm.output_tokens":5},\
                "estimated":false,"key_owner":"%s"}""".formatted(operation, UUID.randomUUID(), keyOwner);
    }

    @Test
    void aRunWhoseHoldIsKnownNowhereIsChargedAfterAWhile() {
        TenantId tenant = story.subscribed(5);
        String usage = """
                {"operation_id":"%s","run_id":"%s","agent":"concierge","channel":"web","prompt_version":1,\
                "provider":"demo","model":"demo","quantities":{"llm.input_tokens":10},"estimated":true}""".formatted(UUID.randomUUID(), UUID.randomUUID());

        story.publish(
                tenant,
                "agent.usage.events",
                "agent.usage-recorded.v1",
                usage,
                Instant.now().minusSeconds(7));

        assertThat(story.credits(tenant).number("used"))
                .as("its log may still come")
                .isZero();
        assertThat(story.published(tenant, "policy.usage-settled.v1", 1)
                        .getFirst()
                        .get("credits")
                        .asLong())
                .isEqualTo(1);
        assertThat(story.credits(tenant).number("used")).isEqualTo(1);
        check(tenant);
    }

    @Test
    void driftIsSeen() {
        TenantId tenant = story.subscribed(5);
        long before = drift();

        PolicyStory.sql("update credit_account set available = available + 1 where tenant_id = ?", tenant.value());
        assertThat(drift()).isEqualTo(before + 1);

        PolicyStory.sql("update credit_account set available = available - 1 where tenant_id = ?", tenant.value());
        assertThat(drift()).isEqualTo(before);
    }

    private long drift() {
        return probe.drifting();
    }
}
