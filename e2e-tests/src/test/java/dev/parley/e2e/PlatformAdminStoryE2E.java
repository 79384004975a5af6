package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Plans;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Platform staff releases an agent and a plan, looks at a tenant and suspends it. */
@Order(40)
class PlatformAdminStoryE2E {
    @Test
    void anAgentIsReleasedPricedAndUsed() {
        Api admin = Api.platformAdmin();
        String slug = "agent-" + UUID.randomUUID().toString().substring(0, 8);
        String agent = admin.post(
                        "/api/v1/admin/agents", Map.of("slug", slug, "name", "Fresh", "description", "Brand new"))
                .expect(201)
                .text("id");
        Answer draft = admin.post("/api/v1/admin/agents/" + agent + "/prompt-versions", prompt("You are fresh."))
                .expect(201);
        assertThat(draft.at("number").asInt(draft.at("version").asInt())).isEqualTo(1);
        admin.post("/api/v1/admin/agents/" + agent + "/prompt-versions/1/activation");
        admin.post("/api/v1/admin/agents/" + agent + "/prompt-versions", prompt("You are fresher."))
                .expect(201);
        String plan = "plan-" + slug;
        Plans.create(admin, plan, 50, 2, List.of(slug));

        Customer customer = Customer.signUp().subscribe(plan);
        Answer said = customer.say(customer.conversation(slug), "hello").expect(201);

        assertThat(said.at("/reply/prompt_version").asInt()).isEqualTo(1);
        assertThat(said.at("/usage/credits").asInt()).isEqualTo(2);
        admin.post("/api/v1/admin/agents/" + agent + "/prompt-versions/2/activation");
        Eventually.passes(Duration.ofSeconds(3), () -> assertThat(customer.say(customer.conversation(slug), "again")
                        .expect(201)
                        .at("/reply/prompt_version")
                        .asInt())
                .isEqualTo(2));
        admin.post("/api/v1/admin/agents/" + agent + "/rollback");
        Eventually.passes(Duration.ofSeconds(3), () -> assertThat(customer.say(customer.conversation(slug), "back")
                        .expect(201)
                        .at("/reply/prompt_version")
                        .asInt())
                .isEqualTo(1));
    }

    @Test
    void aLookAtATenantNeedsAReasonAndTheTenantSeesIt() {
        Api admin = Api.platformAdmin();
        Customer customer = Customer.signUp();
        String path = "/api/v1/admin/tenants/" + customer.tenantId() + "/usage";

        admin.get(path).expect(400);
        admin.with("X-Access-Reason", "ticket 4711").get(path).expect(200);

        Eventually.passes(Duration.ofSeconds(5), () -> {
            int looks = 0;
            for (JsonNode entry :
                    customer.api().get("/api/v1/audit-log").expect(200).at("items")) {
                if (entry.path("reason").asText().equals("ticket 4711")) {
                    looks++;
                }
            }
            assertThat(looks).isEqualTo(1);
        });
    }

    @Test
    void aSuspendedTenantIsRefusedEverywhereAndComesBack() {
        Api admin = Api.platformAdmin();
        Customer customer = Customer.signUp();
        String key = customer.apiKey();
        Api.key(key).get("/api/v1/agents").expect(200);
        String conversation = customer.conversation("concierge");

        admin.post("/api/v1/admin/tenants/" + customer.tenantId() + "/suspension", Map.of("reason", "unpaid fraud"));

        Eventually.passes(Duration.ofSeconds(2), () -> {
            assertThat(customer.say(conversation, "hello?").status()).isEqualTo(403);
            assertThat(customer.api().get("/api/v1/agents").status()).isEqualTo(403);
            assertThat(Api.key(key).get("/api/v1/agents").status()).isEqualTo(403);
        });
        assertThat(customer.api().get("/api/v1/agents").text("code")).isEqualTo("TENANT_SUSPENDED");

        admin.with("X-Access-Reason", "paid after all")
                .delete("/api/v1/admin/tenants/" + customer.tenantId() + "/suspension")
                .expect(204);
        Eventually.passes(Duration.ofSeconds(6), () -> customer.say(conversation, "hello again")
                .expect(201));
    }

    @Test
    void aCustomerIsNoPlatformAdmin() {
        Customer customer = Customer.signUp();

        customer.api().get("/api/v1/admin/tenants").expect(403);
        customer.api()
                .post("/api/v1/admin/agents", Map.of("slug", "mine", "name", "Mine"))
                .expect(403);
        Api.key(customer.apiKey()).get("/api/v1/admin/tenants").expect(403);
        Api.anonymous().get("/api/v1/admin/tenants").expect(401);
    }

    private static Map<String, Object> prompt(String text) {
        return Map.of(
                "system_prompt",
                text,
                "provider",
                "demo",
                "model",
                "demo",
                "temperature",
                0.2,
                "max_tokens",
                200,
                "variables",
                Map.of());
    }
}
