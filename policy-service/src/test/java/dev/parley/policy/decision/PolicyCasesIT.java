package dev.parley.policy.decision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.PolicyStory;
import dev.parley.policy.PolicyStory.Answer;
import dev.parley.policy.credit.CreditService;
import dev.parley.policy.credit.CreditsGranted;
import dev.parley.policy.engine.PolicyCase;
import dev.parley.policy.entitlement.EntitlementService;
import dev.parley.policy.rules.RulesDocument;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
class PolicyCasesIT {
    @Inject
    PolicyStory story;

    @Inject
    Database database;

    @Inject
    EntitlementService entitlements;

    @Inject
    CreditService credits;

    @Inject
    ObjectMapper mapper;

    private static RulesDocument enforced = RulesDocument.EMPTY;
    private static int named;

    static Iterable<PolicyCase> cases() {
        return PolicyCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void answersOverHttpAsTheEngineDoes(PolicyCase one) throws JsonProcessingException {
        enforce(one.given().rules());
        TenantId tenant = given(one.given());

        Map<String, Object> question = new LinkedHashMap<>();
        question.put("operation_id", UUID.randomUUID());
        question.put("agent", one.ask().agent());
        question.put("channel", one.ask().channel());
        question.put("feature", one.ask().feature());
        question.put("estimate", one.ask().estimate());
        question.put("contact", one.ask().contact());
        question.put("hold", one.ask().agent() != null);
        Answer answer = story.post(tenant, "/internal/decisions", mapper.writeValueAsString(question));

        assertThat(answer.status()).isEqualTo(200);
        Map<String, Object> actual = new LinkedHashMap<>(mapper.convertValue(answer.body(), Map.class));
        actual.put("credits", answer.body().path("hold").path("credits").asText());
        actual.put(
                "max_input_tokens",
                answer.body().path("limits").path("max_input_tokens").asText());
        actual.put(
                "max_output_tokens",
                answer.body().path("limits").path("max_output_tokens").asText());
        List<String> limits = new ArrayList<>();
        answer.body()
                .path("limits_applied")
                .forEach(limit -> limits.add(PolicyCase.limit(
                        limit.path("meter").asText(),
                        limit.path("limit").asLong(),
                        limit.path("used").asLong(),
                        limit.path("held").asLong(),
                        limit.path("remaining").asLong())));
        actual.put("limits_applied", limits);
        one.expect().forEach((member, value) -> assertThat(String.valueOf(actual.get(member)))
                .as(member)
                .isEqualTo(String.valueOf(value)));
        assertThat(PolicyStory.sql("select count(*) from decision where tenant_id = ?", tenant.value()))
                .isEqualTo(one.given().named() ? ++named : 1);
    }

    /** Puts the case's rules in force, if they are not. */
    private void enforce(RulesDocument rules) throws JsonProcessingException {
        if (!rules.equals(enforced)) {
            String admin = TestTokens.platformAdmin();
            long version = story.call("POST", "/api/v1/admin/policy-rules", admin, mapper.writeValueAsString(rules))
                    .number("version");
            story.call(
                    "POST",
                    "/api/v1/admin/policy-rules/" + version + "/activation",
                    admin,
                    "{\"reason\":\"the cases say so\"}");
            enforced = rules;
        }
    }

    private TenantId given(PolicyCase.Given given) throws JsonProcessingException {
        TenantId tenant = given.named() ? new TenantId(PolicyCase.NAMED) : PolicyStory.newTenant();
        if (given.unknown()) {
            return tenant;
        }
        database.useTenant(tenant, handle -> {
            entitlements.apply(handle, tenant, given.subscription());
            if (given.suspended()) {
                entitlements.suspend(handle, tenant, "test", Instant.now());
            }
            if (given.granted() > 0) {
                credits.grant(
                        handle, tenant, new CreditsGranted(UUID.randomUUID(), "plan", given.granted(), null, null));
            }
        });
        PolicyStory.sql(
                """
                update credit_account set available = available - ?, drawn = drawn + ?, held = ?, counters = ?::jsonb
                 where tenant_id = ?""",
                given.used(),
                given.used(),
                given.held(),
                mapper.writeValueAsString(given.counters()),
                tenant.value());
        return tenant;
    }

    @Test
    void explainSaysTheSameAndHoldsNothing() {
        TenantId tenant = story.subscribed(3);

        Answer allowed = explain(tenant, "{\"agent\":\"concierge\"}");
        Answer refused = explain(tenant, "{\"agent\":\"concierge\",\"channel\":\"web\",\"meters\":{\"message\":4}}");
        Answer notInPlan = explain(tenant, "{\"agent\":\"sales\",\"channel\":\"web\"}");

        assertThat(allowed.body().toString().replaceFirst("\"rules_version\":\\d+", "\"rules_version\":0"))
                .isEqualTo("""
                {"allow":true,"status":200,"reason_code":"ALLOWED","rule_id":"credits.balance","plan":"starter",\
                "plan_version":2,"policy_version":1,"rules_version":0,"credits":1,"lines":[{"meter":"message","quantity":1,"credits":1}],\
                "limits":{"max_input_tokens":8000,"max_output_tokens":1024},"limit":3,"used":0,"held":0,"remaining":3,\
                "resets_at":"2026-12-01T00:00:00Z","remedy":null,"limits_applied":[{"meter":"credits","limit":3,"used":0,\
                "held":0,"remaining":3,"resets_at":"2026-12-01T00:00:00Z"}]}""");
        assertThat(refused.text("reason_code")).isEqualTo("CREDITS_EXHAUSTED");
        assertThat(refused.number("remaining")).isEqualTo(3);
        assertThat(refused.body().get("lines").get(0).get("credits").asLong()).isEqualTo(4);
        assertThat(notInPlan.text("reason_code")).isEqualTo("AGENT_NOT_IN_PLAN");
        assertThat(story.credits(tenant).number("held")).isZero();
        assertThat(PolicyStory.sql("select count(*) from decision where tenant_id = ?", tenant.value()))
                .isZero();
    }

    @Test
    void theLimitOfAStockIsToldWhenOnlyTheTermsAreInMemory() {
        TenantId tenant = story.subscribed(
                100, PolicyStory.entitlement(PolicyStory.RATES_MESSAGE, "{\"seats\":5}", "{\"mode\":\"block\"}"));
        story.post(tenant, "/internal/decisions/agents", "{\"agents\":[\"concierge\"],\"channel\":\"web\"}");

        for (int seats = 3; seats < 5; seats++) {
            Answer answer = story.post(tenant, "/internal/decisions", """
                    {"operation_id":"%s","user_id":"u1","estimate":{"seats":%d},"hold":false}""".formatted(UUID.randomUUID(), seats));

            assertThat(answer.body().path("allow").asBoolean()).isTrue();
            assertThat(answer.body().path("hold").isNull()).isTrue();
            assertThat(answer.body().path("limits_applied").toString()).isEqualTo("""
                    [{"meter":"credits","limit":100,"used":0,"held":0,"remaining":100,"resets_at":"2026-12-01T00:00:00Z"},\
                    {"meter":"seats","limit":5,"used":%d,"held":0,"remaining":%d,"resets_at":null}]""".formatted(seats, 5 - seats));
        }
    }

    @Test
    void agentsAreListedWithTheReasonOfThoseRefused() {
        TenantId tenant = story.subscribed(1);

        Answer answer = story.post(
                tenant, "/internal/decisions/agents", "{\"agents\":[\"concierge\",\"sales\"],\"channel\":\"web\"}");

        assertThat(answer.body().toString()).isEqualTo("""
                {"items":[{"agent":"concierge","allow":true,"reason_code":null},\
                {"agent":"sales","allow":false,"reason_code":"AGENT_NOT_IN_PLAN"}]}""");
    }

    @Test
    void badRequestsAreRefusedByName() {
        TenantId tenant = PolicyStory.newTenant();
        String good = "\"operation_id\":\"" + UUID.randomUUID() + "\",\"agent\":\"a\",\"channel\":\"web\"";

        assertThat(story.post(tenant, "/internal/decisions", "{").status()).isEqualTo(400);
        assertThat(story.post(tenant, "/internal/decisions", "{" + good + ",\"estimate\":{},\"bogus\":1}")
                        .status())
                .isEqualTo(400);
        assertThat(story.post(tenant, "/internal/decisions", "{" + good + "}").status())
                .isEqualTo(422);
        assertThat(story.post(tenant, "/internal/decisions", "{" + good + ",\"estimate\":{\"message\":-1}}")
                        .status())
                .isEqualTo(422);
        assertThat(story.post(tenant, "/internal/decisions", "{" + good + ",\"estimate\":{\"message\":1e30}}")
                        .status())
                .isEqualTo(400);
        assertThat(story.post(
                                tenant,
                                "/internal/decisions",
                                "{\"operation_id\":\"" + UUID.randomUUID() + "\",\"estimate\":{\"message\":1}}")
                        .status())
                .isEqualTo(422);
        assertThat(explain(tenant, "{}").status()).isEqualTo(422);
    }

    @Test
    void onlyServicesReachTheInside() {
        TenantId tenant = PolicyStory.newTenant();
        String owner = TestTokens.member(tenant, "owner");

        assertThat(story.call("POST", "/internal/decisions", owner, "{}").status())
                .isEqualTo(403);
        assertThat(story.call("GET", "/internal/entitlements", owner, null).status())
                .isEqualTo(403);
        assertThat(story.call("GET", "/api/v1/credits", null, null).status()).isEqualTo(401);
        assertThat(story.call("GET", "/api/v1/credits", TestTokens.apiKey(tenant, "chat"), null)
                        .status())
                .isEqualTo(403);
        assertThat(story.call("GET", "/api/v1/credits", TestTokens.apiKey(tenant, "read"), null)
                        .status())
                .isEqualTo(200);
        assertThat(story.get(tenant, "/internal/entitlements").status()).isEqualTo(404);
    }

    private Answer explain(TenantId tenant, String body) {
        return story.call("POST", "/api/v1/policy/explain", TestTokens.member(tenant, "member"), body);
    }
}
