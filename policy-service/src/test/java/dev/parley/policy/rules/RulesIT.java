package dev.parley.policy.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.PolicyStory;
import dev.parley.policy.PolicyStory.Answer;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
class RulesIT {
    private static final String PATH = "/api/v1/admin/policy-rules";
    private static final String NO_CONCIERGE =
            "{\"deny\":[{\"id\":\"no-concierge\",\"agents\":[\"concierge\"],\"plans\":[\"starter\"],\"remedy\":\"Wait.\"}]}";

    @Inject
    PolicyStory story;

    @Inject
    Database database;

    @AfterEach
    void nothingIsDeniedAnyMore() {
        activate(draft("{}").number("version"));
    }

    @Test
    void aDraftDecidesNothingUntilItIsActivatedAndTheOldOneCanComeBack() {
        TenantId tenant = story.subscribed(10);
        long before = activate(draft("{}").number("version")).number("version");

        Answer draft = draft(NO_CONCIERGE);
        assertThat(draft.status()).isEqualTo(201);
        assertThat(draft.number("version")).isEqualTo(before + 1);
        assertThat(draft.text("status")).isEqualTo("draft");
        assertThat(story.decide(tenant, UUID.randomUUID()).number("rules_version"))
                .isEqualTo(before);

        Answer active = activate(before + 1);
        assertThat(active.status()).isEqualTo(200);
        assertThat(active.text("status")).isEqualTo("active");
        Answer refused = story.decide(tenant, UUID.randomUUID());
        assertThat(refused.body().path("allow").asBoolean()).isFalse();
        assertThat(refused.text("reason_code")).isEqualTo("DENIED_BY_RULE");
        assertThat(refused.text("rule_id")).isEqualTo("rules.no-concierge");
        assertThat(refused.text("remedy")).isEqualTo("Wait.");
        assertThat(refused.number("rules_version")).isEqualTo(before + 1);
        assertThat(story.decide(tenant, UUID.randomUUID(), "support", "web", "{\"message\":1}")
                        .body()
                        .path("allow")
                        .asBoolean())
                .isTrue();

        PolicyStory.await(() ->
                story.auditReasons(TenantId.PLATFORM, "policy-rules.activate").contains("a test"));

        assertThat(activate(before).text("status")).isEqualTo("active");
        assertThat(story.decide(tenant, UUID.randomUUID()).body().path("allow").asBoolean())
                .isTrue();
        JsonNode newest =
                story.call("GET", PATH + "?limit=2", admin(), null).body().path("items");
        assertThat(newest.get(0).path("status").asText()).isEqualTo("retired");
        assertThat(newest.get(0).path("rules").path("deny").get(0).path("id").asText())
                .isEqualTo("no-concierge");
        assertThat(newest.get(1).path("status").asText()).isEqualTo("active");
        assertThat(newest.get(1).path("version").asLong()).isEqualTo(before);
    }

    @Test
    void activatingWhatIsActiveChangesNothing() {
        long version = activate(draft("{}").number("version")).number("version");
        long activations = PolicyStory.sql("select count(*) from policy_rules_activation");

        Answer again = activate(version);

        assertThat(again.text("status")).isEqualTo("active");
        assertThat(PolicyStory.sql("select count(*) from policy_rules_activation"))
                .isEqualTo(activations);
    }

    @Test
    void aThresholdOfTheRulesWinsOverTheSetting() {
        TenantId tenant = PolicyStory.newTenant();
        activate(draft("{\"administrative\":{\"four_eyes_above\":10}}").number("version"));

        assertThat(judged(tenant, 10).path("approval_required").asBoolean()).isFalse();
        assertThat(judged(tenant, 11).path("approval_required").asBoolean()).isTrue();

        nothingIsDeniedAnyMore();
        assertThat(judged(tenant, 11).path("approval_required").asBoolean()).isFalse();
    }

    private JsonNode judged(TenantId tenant, long credits) {
        return story.post(
                        tenant,
                        "/internal/decisions/administrative",
                        "{\"action\":\"credit-adjustment\",\"credits\":%d,\"tenant_id\":\"%s\",\"admin\":\"staff\"}"
                                .formatted(credits, tenant))
                .body();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"deny\":[{\"id\":\"all\",\"remedy\":\"Go.\"}]}",
                "{\"deny\":[{\"id\":\"all\",\"agents\":[],\"remedy\":\"Go.\"}]}",
                "{\"deny\":[{\"id\":\"a\",\"agents\":[\"x\"],\"remedy\":\"Go.\"},{\"id\":\"a\",\"agents\":[\"y\"],\"remedy\":\"Go.\"}]}",
                "{\"deny\":[{\"id\":\"A b\",\"agents\":[\"x\"],\"remedy\":\"Go.\"}]}",
                "{\"deny\":[{\"id\":\"a\",\"agents\":[\"x\"]}]}",
                "{\"deny\":[null]}",
                "{\"deny\":[{\"id\":\"a\",\"agents\":[\"x\\u0000\"],\"remedy\":\"Go.\"}]}",
                "{\"deny\":[{\"id\":\"a\",\"channels\":[\"x\\u0000\"],\"remedy\":\"Go.\"}]}",
                "{\"deny\":[{\"id\":\"a\",\"plans\":[\"x\\u0000\"],\"remedy\":\"Go.\"}]}",
                "{\"deny\":[{\"id\":\"a\",\"plans\":[\"x\"],\"remedy\":\"Go\\u0000.\"}]}",
                "{\"sizing\":{\"max_input_tokens\":0}}",
                "{\"sizing\":{\"max_input_tokens\":500}}",
                "{\"sizing\":{\"min_output_tokens\":2000}}",
                "{\"administrative\":{\"four_eyes_above\":-1}}"
            })
    void rulesThatMakeNoSenseAreRefused(String rules) {
        Answer answer = draft(rules);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body().path("errors").get(0).path("pointer").asText()).startsWith("/");
    }

    @Test
    void unknownVersionsUnknownMembersAndOtherCallersAreRefused() {
        TenantId tenant = PolicyStory.newTenant();

        assertThat(activate(999_999).text("code")).isEqualTo("POLICY_RULES_NOT_FOUND");
        assertThat(story.call("GET", PATH + "/999999", admin(), null).status()).isEqualTo(404);
        assertThat(draft("{\"allow\":[]}").status()).isEqualTo(400);
        long version = draft("{}").number("version");
        assertThat(story.call("POST", PATH + "/" + version + "/activation", admin(), "{}")
                        .status())
                .isEqualTo(422);
        for (String token : new String[] {
            TestTokens.member(tenant, "owner"), TestTokens.apiKey(tenant, "write"),
        }) {
            assertThat(story.call("GET", PATH, token, null).status()).isEqualTo(403);
            assertThat(story.call("POST", PATH, token, "{}").status()).isEqualTo(403);
            assertThat(story.call("POST", PATH + "/" + version + "/activation", token, "{\"reason\":\"x\"}")
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void whatWasWrittenStays() {
        draft("{}");

        for (String change : new String[] {
            "update policy_rules set document = '{}'",
            "delete from policy_rules",
            "update policy_rules_activation set version = 1",
            "delete from policy_rules_activation"
        }) {
            assertThatThrownBy(() -> database.global(handle -> handle.execute(change)))
                    .hasMessageContaining("permission denied");
        }
    }

    private Answer draft(String rules) {
        return story.call("POST", PATH, admin(), rules);
    }

    private Answer activate(long version) {
        return story.call("POST", PATH + "/" + version + "/activation", admin(), "{\"reason\":\"a test\"}");
    }

    private static String admin() {
        return TestTokens.platformAdmin();
    }
}
