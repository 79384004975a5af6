package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Plans;
import dev.parley.e2e.support.Simulators;
import dev.parley.e2e.support.Stack;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A person is invited by e-mail, joins, rises, takes over; organisations are founded, deleted and brought back. */
@Order(35)
class MembersE2E {
    private static final Pattern SECRET = Pattern.compile("/console/invitations/([A-Za-z0-9_-]+)");

    @Test
    void anInvitedPersonJoinsWorksTakesOverAndIsGoneWithinTwoSeconds() throws Exception {
        Customer owner = Customer.signUp();
        Customer guest = Customer.signUp().proveAddress();
        owner.api()
                .post("/api/v1/invitations", Map.of("email", guest.email(), "role", "member"))
                .expect(403);
        owner.proveAddress();
        owner.api()
                .post("/api/v1/invitations", Map.of("email", guest.email(), "role", "member"))
                .expect(201);
        JsonNode mail = invitation(guest.email());
        assertThat(mail.path("subject").asText()).isEqualTo("Ada Owner invites you to Analytical Engines on Parley");
        assertThat(mail.path("html").asText()).contains("Accept the invitation");
        Matcher secret = SECRET.matcher(mail.path("text").asText());
        assertThat(secret.find()).isTrue();
        String acceptance = "/api/v1/invitations/" + secret.group(1) + "/acceptance";

        guest.api().post(acceptance).expect(201);

        guest.api().post(acceptance).expect(409);
        Api inside = guest.api().with("X-Tenant-ID", owner.tenantId());
        assertThat(inside.get("/api/v1/tenant").expect(200).text("id")).isEqualTo(owner.tenantId());
        inside.get("/api/v1/channels").expect(403);
        owner.api()
                .patch("/api/v1/members/" + guest.userId(), Map.of("role", "admin"))
                .expect(200);
        Eventually.passes(
                Duration.ofSeconds(2), () -> inside.get("/api/v1/channels").expect(200));
        inside.patch("/api/v1/members/" + guest.userId(), Map.of("role", "owner"))
                .expect(403);
        owner.api()
                .post("/api/v1/tenant/ownership-transfer", Map.of("user_id", guest.userId()))
                .expect(200);
        Eventually.passes(Duration.ofSeconds(2), () -> inside.patch("/api/v1/tenant", Map.of("region", "eu"))
                .expect(200));
        inside.delete("/api/v1/members/" + guest.userId()).expect(409);
        CompletableFuture<Integer> closed = listen(owner, owner.tenantId());
        assertThat(closed).isNotDone();

        inside.delete("/api/v1/members/" + owner.userId()).expect(204);

        assertThat(closed).succeedsWithin(Duration.ofSeconds(15));
        Eventually.passes(Duration.ofSeconds(2), () -> owner.api()
                .with("X-Tenant-ID", owner.tenantId())
                .get("/api/v1/tenant")
                .expect(403));
    }

    @Test
    void aPersonHasSeveralOrganisationsAndBringsADeletedOneBack() throws Exception {
        Customer person = Customer.signUp().proveAddress();
        String second = person.api()
                .post("/api/v1/tenants", Map.of("name", "Second"))
                .expect(201)
                .text("id");
        Api inSecond = person.api().with("X-Tenant-ID", second);
        Eventually.passes(Duration.ofSeconds(10), () -> assertThat(
                        inSecond.get("/api/v1/tenant").expect(200).text("status"))
                .isEqualTo("trial"));
        String key = inSecond.post("/api/v1/api-keys", Map.of("name", "k", "scopes", List.of("read")))
                .expect(201)
                .text("key");
        Api.key(key).get("/api/v1/tenant").expect(200);

        inSecond.raw("DELETE", "/api/v1/tenant", "{\"confirmation\":\"Second\"}".getBytes(), "application/json")
                .expect(202);

        Eventually.passes(Duration.ofSeconds(2), () -> assertThat(
                        Api.key(key).get("/api/v1/tenant").expect(403).text("code"))
                .isEqualTo("TENANT_DELETED"));
        Eventually.passes(
                Duration.ofSeconds(2), () -> inSecond.get("/api/v1/members").expect(403));
        person.api().get("/api/v1/tenant").expect(200);
        inSecond.post("/api/v1/tenant/restoration").expect(200);
        Eventually.passes(
                Duration.ofSeconds(2), () -> Api.key(key).get("/api/v1/tenant").expect(200));
        Eventually.passes(
                Duration.ofSeconds(2), () -> inSecond.get("/api/v1/members").expect(200));
        for (String member : List.of("tenant_id", "role", "credits")) {
            inSecond.patch("/api/v1/tenant", Map.of(member, "1")).expect(400);
        }
    }

    @Test
    void thePlanSaysHowManyPeopleAndKeysThereMayBe() {
        Customer owner = Customer.signUp().proveAddress().subscribe(Plans.withQuotas(Map.of("seats", 2, "keys", 1)));
        Customer guest = Customer.signUp().proveAddress();
        Map<String, Object> key = Map.of("name", "k", "scopes", List.of("read"));

        String first = owner.api().post("/api/v1/api-keys", key).expect(201).text("id");
        refused(owner, owner.api().post("/api/v1/api-keys", key), "keys", 1);
        owner.api()
                .post("/api/v1/api-keys/" + first + "/rotation", Map.of("overlap_seconds", 0))
                .expect(201);

        owner.api()
                .post("/api/v1/invitations", Map.of("email", guest.email(), "role", "member"))
                .expect(201);
        Map<String, String> another = Map.of("email", "nobody-" + UUID.randomUUID() + "@example.com", "role", "member");
        refused(owner, owner.api().post("/api/v1/invitations", another), "seats", 2);
        Matcher secret = SECRET.matcher(invitation(guest.email()).path("text").asText());
        assertThat(secret.find()).isTrue();
        guest.api()
                .post("/api/v1/invitations/" + secret.group(1) + "/acceptance")
                .expect(201);

        owner.subscribe(Plans.withQuotas(Map.of("keys", 2)));
        Eventually.passes(
                Duration.ofSeconds(5),
                () -> owner.api().post("/api/v1/invitations", another).expect(201));
        owner.api().post("/api/v1/api-keys", key).expect(201);
        refused(owner, owner.api().post("/api/v1/api-keys", key), "keys", 2);
    }

    /** Refused with what there is of how many, and a decision that can be looked up. */
    private static void refused(Customer owner, Api.Answer answer, String stock, int limit) {
        JsonNode policy = answer.expect(402).at("policy");
        assertThat(answer.text("code")).isEqualTo("QUOTA_EXCEEDED");
        assertThat(policy.path("rule_id").asText()).isEqualTo("plan.quotas." + stock);
        assertThat(List.of(policy.path("limit").asInt(), policy.path("used").asInt()))
                .containsExactly(limit, limit);
        assertThat(policy.path("remedy").asText())
                .isEqualTo("Change to a plan with more " + stock + ", or remove one.");
        String decision =
                "/api/v1/policy/decisions/" + policy.path("decision_id").asText();
        Eventually.passes(Duration.ofSeconds(5), () -> assertThat(owner.api()
                        .get(decision)
                        .expect(200)
                        .at("estimate")
                        .path(stock)
                        .asInt())
                .isEqualTo(limit));
    }

    /** Opens the stream of a tenant; completes with the code with which it is closed. */
    private static CompletableFuture<Integer> listen(Customer person, String tenant) {
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        String token = Api.anonymous()
                .post("/api/v1/auth/login", Map.of("email", person.email(), "password", person.password()))
                .expect(200)
                .text("access_token");
        String url = Stack.running().gatewayUrl().replaceFirst("^http", "ws") + "/api/v1/stream";
        HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Authorization", "Bearer " + token)
                .header("X-Tenant-ID", tenant)
                .buildAsync(URI.create(url), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
                        closed.complete(status);
                        return null;
                    }
                })
                .join();
        return closed;
    }

    private static JsonNode invitation(String email) {
        return Eventually.within(Duration.ofSeconds(15), () -> {
            for (JsonNode mail : Simulators.api()
                    .get("/mail/messages?to=" + email)
                    .expect(200)
                    .at("items")) {
                if (mail.path("subject").asText().contains("invites you")) {
                    return mail;
                }
            }
            throw new AssertionError("no invitation came to " + email);
        });
    }
}
