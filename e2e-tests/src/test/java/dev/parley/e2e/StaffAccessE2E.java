package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Parley's staff looks at a tenant: with a reason, in its sight, at individual records only through break-glass. */
@Order(45)
class StaffAccessE2E {
    private static final Duration SOON = Duration.ofSeconds(8);

    @Test
    void everyLookIsOneEntryWithItsReasonAndTicket() {
        Customer customer = Customer.signUp();
        Api admin = Api.platformAdmin();
        String base = "/api/v1/admin/tenants/" + customer.tenantId();
        Map<String, String> looks = Map.of(
                base,
                "tenant.read",
                base + "/usage",
                "usage.read",
                base + "/agents",
                "tenant-agents.read",
                base + "/subscription",
                "subscription.read");
        for (String path : looks.keySet()) {
            assertThat(admin.get(path).expect(400).text("code")).isEqualTo("ACCESS_REASON_REQUIRED");
            admin.with("X-Access-Reason", "why " + looks.get(path))
                    .with("X-Access-Ticket", "T-7")
                    .get(path)
                    .expect(200);
        }

        Eventually.passes(SOON, () -> {
            JsonNode items =
                    customer.api().get("/api/v1/staff-access").expect(200).at("items");
            assertThat(items.findValuesAsText("action")).containsExactlyInAnyOrderElementsOf(looks.values());
            for (JsonNode item : items) {
                assertThat(item.path("reason").asText())
                        .isEqualTo("why " + item.path("action").asText());
                assertThat(item.path("ticket").asText()).isEqualTo("T-7");
                assertThat(item.path("resource").path("id").asText()).isEqualTo(customer.tenantId());
                assertThat(item.path("actor_name").asText()).contains("admin@parley.local");
            }
        });
    }

    @Test
    void staffChangesNothingOfATenant() {
        Customer customer = Customer.signUp();
        Api admin = Api.platformAdmin().with("X-Tenant-ID", customer.tenantId()).with("X-Access-Reason", "to help");
        for (boolean grant : List.of(false, true)) {
            if (grant) {
                open(customer);
                Eventually.passes(SOON, () -> admin.get("/api/v1/conversations").expect(200));
            }
            admin.patch("/api/v1/tenant", Map.of("name", "Mine")).expect(403);
            admin.post("/api/v1/api-keys", Map.of("name", "k", "scopes", List.of("read")))
                    .expect(403);
            admin.post("/api/v1/conversations", Map.of("agent", "concierge")).expect(403);
            admin.post("/api/v1/invitations", Map.of("email", "x@example.com", "role", "admin"))
                    .expect(403);
            admin.delete("/api/v1/members/" + customer.userId()).expect(403);
        }
    }

    @Test
    void breakGlassOpensIndividualRecordsAndNeitherKeysNorMoney() {
        Customer customer = Customer.signUp();
        String conversation = customer.conversation("concierge");
        String operation =
                customer.say(conversation, "a private matter").expect(201).text("operation_id");
        Api admin = Api.platformAdmin();
        Api glass = admin.with("X-Tenant-ID", customer.tenantId());
        glass.get("/api/v1/conversations").expect(403);
        String grant = open(customer);
        admin.post(
                        "/api/v1/admin/tenants/" + customer.tenantId() + "/break-glass",
                        Map.of("reason", "again", "ticket", "T-9"))
                .expect(409);

        Eventually.passes(SOON, () -> glass.get("/api/v1/conversations/" + conversation + "/messages")
                .expect(200));
        assertThat(glass.get("/api/v1/conversations/" + conversation + "/messages")
                        .expect(200)
                        .raw())
                .contains("a private matter");
        for (String path : List.of("conversations", "contacts", "usage", "operations/" + operation)) {
            glass.get("/api/v1/" + path).expect(200);
        }
        glass.get("/api/v1/conversations/" + UUID.randomUUID() + "/messages").expect(404);
        for (String path : List.of(
                "api-keys",
                "channels",
                "members",
                "tenant",
                "me",
                "audit-log",
                "audit-log/export",
                "staff-access",
                "credits",
                "invoices",
                "subscription",
                "usage/summary",
                "agents",
                "admin/tenants",
                "admin/break-glass")) {
            assertThat(glass.with("X-Access-Reason", "x").get("/api/v1/" + path).status())
                    .as(path)
                    .isEqualTo(403);
        }

        admin.delete("/api/v1/admin/break-glass/" + grant).expect(204);
        AtomicInteger stillRead = new AtomicInteger();
        Eventually.passes(Duration.ofSeconds(2), () -> {
            Answer answer = glass.get("/api/v1/conversations");
            stillRead.addAndGet(answer.status() == 200 ? 1 : 0);
            answer.expect(403);
        });
        Eventually.passes(SOON, () -> {
            JsonNode items = customer.api()
                    .get("/api/v1/staff-access?limit=200")
                    .expect(200)
                    .at("items");
            List<String> actions = new ArrayList<>(items.findValuesAsText("action"));
            // The trail has the order in which the services' entries came in.
            assertThat(actions)
                    .containsOnlyOnce(
                            "break-glass.open", "contact.read", "usage.read", "operation.read", "break-glass.end");
            assertThat(Collections.frequency(actions, "conversation.read")).isEqualTo(1 + stillRead.get());
            for (JsonNode item : items) {
                assertThat(item.path("ticket").asText()).isEqualTo("T-8");
                if (item.path("action").asText().equals("message.read")) {
                    assertThat(item.path("access_id").asText()).isEqualTo(grant);
                }
                if (item.path("action").asText().equals("operation.read")) {
                    assertThat(item.path("resource").path("id").asText()).isEqualTo(operation);
                }
            }
        });
    }

    private static String open(Customer customer) {
        Answer opened = Api.platformAdmin()
                .post(
                        "/api/v1/admin/tenants/" + customer.tenantId() + "/break-glass",
                        Map.of("reason", "the customer misses a reply", "ticket", "T-8"))
                .expect(201);
        return opened.text("id");
    }
}
