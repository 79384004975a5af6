package dev.parley.policy.administrative;

import static dev.parley.policy.PolicyStory.check;
import static dev.parley.policy.PolicyStory.sql;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.PolicyStory;
import dev.parley.policy.PolicyStory.Answer;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
class AdministrativeIT {
    private static final String PATH = "/internal/decisions/administrative";

    @Inject
    PolicyStory story;

    private static String change(TenantId tenant, String action, long credits) {
        return "{\"action\":\"%s\",\"credits\":%d,\"tenant_id\":\"%s\",\"admin\":\"staff\"}"
                .formatted(action, credits, tenant);
    }

    @Test
    void oneAdminMayChangeLittleAndEveryDecisionIsKept() {
        TenantId tenant = PolicyStory.newTenant();

        Answer little = story.post(tenant, PATH, change(tenant, "credit-adjustment", 100_000));
        Answer much = story.post(tenant, PATH, change(tenant, "usage-refund", 100_001));
        Answer absurd = story.post(tenant, PATH, change(tenant, "payment-refund", 1_000_000_001));

        assertThat(little.body().path("allow").asBoolean()).isTrue();
        assertThat(little.body().path("approval_required").asBoolean()).isFalse();
        assertThat(much.body().path("allow").asBoolean()).isTrue();
        assertThat(much.body().path("approval_required").asBoolean()).isTrue();
        assertThat(much.text("rule_id")).isEqualTo("administrative.four-eyes");
        assertThat(absurd.body().path("allow").asBoolean()).isFalse();
        assertThat(absurd.text("reason_code")).isEqualTo("ABOVE_MAXIMUM");
        assertThat(sql("select count(*) from administrative_decision where tenant_id = ?", tenant.value()))
                .isEqualTo(3);
        assertThat(sql(
                        "select count(*) from administrative_decision where tenant_id = ? and id = ?",
                        tenant.value(),
                        UUID.fromString(much.text("decision_id"))))
                .isEqualTo(1);
    }

    @Test
    void anotherTenantAnUnknownActionAndAPersonAreRefused() {
        TenantId tenant = PolicyStory.newTenant();

        assertThat(story.post(tenant, PATH, change(PolicyStory.newTenant(), "usage-refund", 1))
                        .status())
                .isEqualTo(422);
        assertThat(story.post(tenant, PATH, change(tenant, "wire-transfer", 1)).status())
                .isBetween(400, 422);
        assertThat(story.post(tenant, PATH, change(tenant, "usage-refund", -1)).status())
                .isEqualTo(422);
        assertThat(story.call("POST", PATH, TestTokens.member(tenant, "owner"), change(tenant, "usage-refund", 1))
                        .status())
                .isEqualTo(403);
        assertThat(story.call("GET", "/internal/balances", TestTokens.member(tenant, "owner"), null)
                        .status())
                .isEqualTo(403);
    }

    @Test
    void takingBackStopsAtWhatIsFreeAndHappensOnce() {
        TenantId tenant = story.subscribed(100);
        UUID adjustment = UUID.randomUUID();
        story.subscription(
                tenant,
                "credits-granted",
                "{\"lot_id\":\"%s\",\"source\":\"adjustment\",\"credits\":30}".formatted(adjustment));
        story.awaitEntitlement(tenant, 1, 130);
        UUID spent = UUID.randomUUID();
        story.decide(tenant, spent, "concierge", "web", "{\"message\":20}");
        story.settle(tenant, spent, "{\"message\":20}");
        UUID running = UUID.randomUUID();
        story.decide(tenant, running, "concierge", "web", "{\"message\":15}");

        // 110 unspent, 15 of them held: first the lot that cost nothing, then the plan's.
        UUID first = UUID.randomUUID();
        withdraw(tenant, first, 40);
        JsonNode taken = story.published(tenant, "policy.credits-taken.v1", 1).getFirst();

        assertThat(taken.path("withdrawal_id").asText()).isEqualTo(first.toString());
        assertThat(taken.path("credits").asLong()).isEqualTo(40);
        assertThat(taken.path("lots")).hasSize(2);
        assertThat(taken.path("lots").findValuesAsText("lot_id")).contains(adjustment.toString());
        Answer after = story.get(tenant, "/internal/balances");
        assertThat(after.number("granted")).isEqualTo(90);
        assertThat(after.number("available")).isEqualTo(70);
        assertThat(after.number("held")).isEqualTo(15);
        assertThat(after.body().path("lots")).hasSize(2);
        check(tenant);

        withdraw(tenant, UUID.randomUUID(), 1_000_000);
        assertThat(story.published(tenant, "policy.credits-taken.v1", 2)
                        .get(1)
                        .path("credits")
                        .asLong())
                .isEqualTo(55);
        withdraw(tenant, first, 40);
        JsonNode again = story.published(tenant, "policy.credits-taken.v1", 3).get(2);
        assertThat(again).isEqualTo(taken);
        assertThat(story.settle(tenant, running, "{\"message\":15}").number("credits"))
                .isEqualTo(15);
        Answer end = story.get(tenant, "/internal/balances");
        assertThat(end.number("available")).isZero();
        assertThat(end.number("held")).isZero();
        check(tenant);
    }

    private void withdraw(TenantId tenant, UUID id, long credits) {
        story.subscription(
                tenant,
                "credits-withdrawn",
                "{\"tenant_id\":\"%s\",\"withdrawal_id\":\"%s\",\"credits\":%d,\"reason\":\"granted by mistake\"}"
                        .formatted(tenant, id, credits));
    }

    @Test
    void thePriceOfCreditsThatAreInUseIsNotGivenBack() {
        TenantId tenant = story.subscribed(0);
        UUID lot = UUID.randomUUID();
        story.subscription(tenant, "credits-granted", PolicyStory.grant(lot, 100, null));
        story.awaitEntitlement(tenant, 1, 100);
        UUID running = UUID.randomUUID();
        story.decide(tenant, running, "concierge", "web", "{\"message\":30}");

        close(tenant, lot, "refund");
        JsonNode answer = story.published(tenant, "policy.lot-closed.v1", 1).getFirst();

        assertThat(answer.path("lot_id").asText()).isEqualTo(lot.toString());
        assertThat(answer.path("unspent").asLong()).isEqualTo(70);
        assertThat(answer.path("kept").asLong()).isEqualTo(30);
        Answer after = story.get(tenant, "/internal/balances");
        assertThat(after.number("granted")).isEqualTo(30);
        assertThat(after.number("available")).isEqualTo(30);
        assertThat(after.number("held")).isEqualTo(30);
        assertThat(story.decide(tenant, UUID.randomUUID()).text("reason_code")).isEqualTo("CREDITS_EXHAUSTED");
        check(tenant);

        // Asked again, it says the same and takes no more, though the operation used less.
        assertThat(story.settle(tenant, running, "{\"message\":10}").number("credits"))
                .isEqualTo(10);
        close(tenant, lot, "refund");
        assertThat(story.published(tenant, "policy.lot-closed.v1", 2)
                        .get(1)
                        .path("unspent")
                        .asLong())
                .isEqualTo(70);
        assertThat(story.get(tenant, "/internal/balances").number("available")).isEqualTo(20);
        check(tenant);

        // Any other end is final.
        close(tenant, lot, "expired");
        JsonNode end = story.published(tenant, "policy.lot-closed.v1", 3).get(2);
        assertThat(end.path("unspent").asLong()).isEqualTo(20);
        assertThat(end.has("kept")).isFalse();
        assertThat(story.get(tenant, "/internal/balances").number("available")).isZero();
        check(tenant);
    }

    @Test
    void aLotThatNobodyUsesIsGivenBackWhole() {
        TenantId tenant = story.subscribed(40);
        UUID lot = UUID.randomUUID();
        story.subscription(tenant, "credits-granted", PolicyStory.grant(lot, 100, null));
        story.awaitEntitlement(tenant, 1, 140);
        story.decide(tenant, UUID.randomUUID(), "concierge", "web", "{\"message\":40}");

        close(tenant, lot, "refund");

        JsonNode answer = story.published(tenant, "policy.lot-closed.v1", 1).getFirst();
        assertThat(answer.path("unspent").asLong()).isEqualTo(100);
        assertThat(answer.has("kept")).isFalse();
        check(tenant);
    }

    private void close(TenantId tenant, UUID lot, String reason) {
        story.subscription(
                tenant,
                "credits-closed",
                "{\"tenant_id\":\"%s\",\"lot_id\":\"%s\",\"reason\":\"%s\"}".formatted(tenant, lot, reason));
    }
}
