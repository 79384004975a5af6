package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Stack;
import dev.parley.testing.TenantIsolationKit;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One tenant never sees another, by id or in the databases themselves. */
@Order(70)
class TenantWallE2E {
    /** Tables that consciously belong to no tenant: the platform's catalogue, keys, routing and login state. */
    private static final Map<String, Set<String>> GLOBALS = Map.of(
            "parley_auth",
            // a person belongs to no tenant; neither do log-ins under way and signing keys
            Set.of(
                    "user_account",
                    "signup",
                    "ended_session",
                    "login_attempt",
                    "login_session",
                    "known_device",
                    "signing_key",
                    "audit_key",
                    "erasure_key",
                    "browser_session"),
            "parley_policy",
            // the platform's own rules
            Set.of("policy_rules", "policy_rules_activation"),
            "parley_agent",
            // the platform's catalogue, and which processes run
            Set.of("llm_provider", "agent", "experiment", "prompt_guard", "prompt_figures", "runner"),
            "parley_billing",
            // the platform's catalogue, payment events before anybody knows whose they are, runs over all tenants
            Set.of("plan", "plan_version", "credit_pack", "credit_pack_version", "provider_event", "reconciliation"),
            "parley_channel",
            Set.of());

    @ParameterizedTest
    @ValueSource(strings = {"parley_auth", "parley_policy", "parley_agent", "parley_billing", "parley_channel"})
    void everyTenantTableHasAllTheLocks(String database) throws Exception {
        try (Connection superuser = DriverManager.getConnection(Stack.running().superuserUrl(database))) {
            assertThat(TenantIsolationKit.faults(superuser, GLOBALS.get(database)))
                    .isEmpty();
        }
    }

    @Test
    void anotherTenantsIdsDoNotExist() {
        Customer a = Customer.signUp();
        Customer b = Customer.signUp();
        String conversation = a.conversation("concierge");
        String operation = a.say(conversation, "canary-of-a").expect(201).text("operation_id");
        String keyId = a.api()
                .post("/api/v1/api-keys", Map.of("name", "canary-key", "scopes", List.of("read")))
                .expect(201)
                .text("id");

        for (Api stranger : List.of(b.api(), Api.key(b.apiKey()))) {
            stranger.get("/api/v1/conversations/" + conversation + "/messages").expect(404);
            stranger.post("/api/v1/conversations/" + conversation + "/messages", Map.of("text", "hi"))
                    .expect(404);
            assertThat(stranger.get("/api/v1/operations/" + operation).status()).isEqualTo(404);
        }
        b.api().delete("/api/v1/api-keys/" + keyId).expect(404);
        for (String list : List.of(
                "/api/v1/conversations",
                "/api/v1/usage",
                "/api/v1/api-keys",
                "/api/v1/channels",
                "/api/v1/webhook-endpoints",
                "/api/v1/contacts",
                "/api/v1/members",
                "/api/v1/audit-log",
                "/api/v1/invoices")) {
            assertThat(b.api().get(list).expect(200).raw())
                    .doesNotContain("canary", conversation, operation, a.tenantId(), a.email());
        }
    }

    @Test
    void theTenantHeaderSelectsOnlyAmongOnesOwn() {
        Customer a = Customer.signUp();
        Customer b = Customer.signUp();

        assertThat(b.api()
                        .with("X-Tenant-ID", a.tenantId())
                        .get("/api/v1/tenant")
                        .status())
                .isIn(403, 404);
        assertThat(b.api()
                        .with("X-Tenant-ID", b.tenantId())
                        .get("/api/v1/tenant")
                        .expect(200)
                        .text("id"))
                .isEqualTo(b.tenantId());
        b.api().with("X-Tenant-ID", "not-a-uuid").get("/api/v1/tenant").expect(400);
    }
}
