package dev.parley.policy.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.audit.AccessReason;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.PolicyStory;
import dev.parley.policy.PolicyStory.Answer;
import dev.parley.policy.engine.Ask;
import dev.parley.policy.engine.PolicyEngine;
import dev.parley.policy.engine.Standing;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.engine.Verdict;
import dev.parley.policy.entitlement.CompiledTerms;
import dev.parley.policy.entitlement.SubscriptionChanged;
import dev.parley.policy.rules.RulesDocument;
import dev.parley.policy.rules.RulesParts;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.PostgresServer;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
class SimulationIT {
    private static final String RATES = "{\"message\":{\"credits\":1,\"per\":1},\"lead\":{\"credits\":3,\"per\":1}}";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Inject
    PolicyStory story;

    @Inject
    ObjectMapper mapper;

    @Inject
    SimulationService simulations;

    @Test
    void aPlanThatDropsAnAgentFlipsExactlyItsDecisions() throws Exception {
        String plan = "sim-" + UUID.randomUUID();
        TenantId both = tenant(plan, "[\"concierge\",\"support\"]", "{}", 100, 100);
        TenantId onlyKept = tenant(plan, "[\"concierge\",\"support\"]", "{}", 100, 100);
        TenantId elsewhere = tenant("other-" + plan, "[\"concierge\",\"support\"]", "{}", 100, 100);
        List<String> dropped = new ArrayList<>();
        for (TenantId tenant : List.of(both, onlyKept, elsewhere)) {
            story.decide(tenant, UUID.randomUUID(), "concierge", "web", "{\"lead\":2}");
        }
        for (int i = 0; i < 7; i++) {
            dropped.add(story.decide(both, UUID.randomUUID(), "support", "web", "{\"lead\":1}")
                    .text("decision_id"));
            story.decide(elsewhere, UUID.randomUUID(), "support", "web", "{\"lead\":1}");
        }
        String gained = story.decide(both, UUID.randomUUID(), "sales", "web", "{\"lead\":4}")
                .text("decision_id");

        PolicyStory.awaitLogged(both, 9);

        JsonNode answer = simulate("\"plan\":" + plan(plan, "[\"concierge\",\"sales\"]", RATES, "{}", 100))
                .body();

        assertThat(answer.path("decisions").asLong()).isEqualTo(10);
        assertThat(answer.path("changed").asLong()).isEqualTo(8);
        assertThat(answer.path("skipped").asLong()).isZero();
        assertThat(answer.path("unreproduced").asLong()).isZero();
        assertThat(answer.path("tenants_changed").asLong()).isEqualTo(1);
        assertThat(answer.path("tenants")).hasSize(1);
        JsonNode change = answer.path("tenants").get(0);
        assertThat(change.path("tenant_id").asText()).isEqualTo(both.toString());
        assertThat(change.path("plan").asText()).isEqualTo(plan);
        assertThat(change.path("decisions").asLong()).isEqualTo(9);
        assertThat(change.path("changed").asLong()).isEqualTo(8);
        assertThat(change.path("now_denied").asLong()).isEqualTo(7);
        assertThat(change.path("now_allowed").asLong()).isEqualTo(1);
        assertThat(change.path("credits_before").asLong()).isEqualTo(6 + 7 * 3);
        assertThat(change.path("credits_after").asLong()).isEqualTo(6 + 12);
        assertThat(change.path("examples")).hasSize(5);
        assertThat(change.path("examples"))
                .extracting(example -> example.path("decision_id").asText())
                .containsExactlyElementsOf(dropped.subList(0, 5));
        JsonNode example = change.path("examples").get(0);
        assertThat(example.path("agent").asText()).isEqualTo("support");
        assertThat(example.path("before").asText()).isEqualTo("ALLOWED");
        assertThat(example.path("after").asText()).isEqualTo("AGENT_NOT_IN_PLAN");
        assertThat(example.path("rule_id").asText()).isEqualTo("plan.agents");
        assertThat(gained).isNotEmpty();
    }

    @Test
    void thePlanAsItIsChangesNothingAndAnotherPriceOnlyTheCredits() throws Exception {
        String plan = "sim-" + UUID.randomUUID();
        TenantId tenant = tenant(plan, "[\"concierge\"]", "{\"tasks\":3}", 20, 20);
        for (int i = 0; i < 6; i++) {
            story.decide(tenant, UUID.randomUUID(), "concierge", "web", "{\"lead\":1,\"tasks\":1}");
        }

        PolicyStory.awaitLogged(tenant, 6);

        JsonNode same = simulate("\"plan\":" + plan(plan, "[\"concierge\"]", RATES, "{\"tasks\":3}", 20))
                .body();
        JsonNode dearer = simulate("\"plan\":"
                        + plan(plan, "[\"concierge\"]", "{\"lead\":{\"credits\":4,\"per\":1}}", "{\"tasks\":3}", 20))
                .body();

        assertThat(same.path("decisions").asLong()).isEqualTo(6);
        assertThat(same.path("changed").asLong()).isZero();
        assertThat(same.path("tenants")).isEmpty();
        assertThat(dearer.path("changed").asLong()).isZero();
        assertThat(dearer.path("tenants").get(0).path("credits_before").asLong())
                .isEqualTo(9);
        assertThat(dearer.path("tenants").get(0).path("credits_after").asLong()).isEqualTo(12);
    }

    @Test
    void fewerCreditsAPeriodRefuseWhatTheyWouldNotHavePaid() throws Exception {
        String plan = "sim-" + UUID.randomUUID();
        TenantId tenant = tenant(plan, "[\"concierge\"]", "{}", 10, 10);
        for (int i = 0; i < 3; i++) {
            story.decide(tenant, UUID.randomUUID(), "concierge", "web", "{\"lead\":1}");
        }

        JsonNode answer = simulate("\"plan\":" + plan(plan, "[\"concierge\"]", RATES, "{}", 7))
                .body();

        // 10, 7 and 4 credits were left before each; with 3 fewer the last has 1 where it needs 3.
        assertThat(answer.path("changed").asLong()).isEqualTo(1);
        assertThat(answer.at("/tenants/0/now_denied").asLong()).isEqualTo(1);
        assertThat(answer.at("/tenants/0/examples/0/after").asText()).isEqualTo("CREDITS_EXHAUSTED");
    }

    @Test
    void rulesAreTriedOnAllTenants() throws Exception {
        String plan = "sim-" + UUID.randomUUID();
        Instant from = Instant.now();
        TenantId named = tenant(plan, "[\"concierge\",\"support\"]", "{}", 100, 100);
        TenantId other = tenant("other-" + plan, "[\"concierge\",\"support\"]", "{}", 100, 100);
        for (TenantId tenant : List.of(named, other)) {
            story.decide(tenant, UUID.randomUUID(), "concierge", "web", "{\"lead\":1}");
            story.decide(tenant, UUID.randomUUID(), "support", "web", "{\"lead\":1}");
        }

        // Decisions before are other tests', some of them under rules of theirs.
        JsonNode answer = simulate("\"from\":\"" + from + "\",\"rules\":{\"deny\":[{\"id\":\"one\","
                        + "\"agents\":[\"support\"],\"tenants\":[\"" + named + "\"],\"remedy\":\"Wait.\"}]}")
                .body();

        assertThat(answer.path("changed").asLong()).isEqualTo(1);
        assertThat(answer.path("tenants")).hasSize(1);
        assertThat(answer.at("/tenants/0/tenant_id").asText()).isEqualTo(named.toString());
        assertThat(answer.at("/tenants/0/examples/0/rule_id").asText()).isEqualTo("rules.one");
        assertThat(answer.at("/tenants/0/examples/0/remedy").asText()).isEqualTo("Wait.");
    }

    @Test
    void agreesWithTheEngineOnEveryRecordedDecision() throws Exception {
        String plan = "sim-" + UUID.randomUUID();
        Random random = new Random(20261121);
        List<TenantId> tenants = List.of(
                tenant(plan, "[\"concierge\",\"support\"]", "{\"tasks\":20}", 60, 60),
                tenant(plan, "[\"concierge\",\"support\"]", "{\"tasks\":40,\"leads\":15}", 500, 60));
        for (int i = 0; i < 400; i++) {
            TenantId tenant = tenants.get(random.nextInt(2));
            UUID operation = UUID.randomUUID();
            Answer answer = story.decide(
                    tenant,
                    operation,
                    List.of("concierge", "support", "sales").get(random.nextInt(3)),
                    List.of("web", "sms").get(random.nextInt(10) / 9),
                    List.of(
                                    "{\"lead\":1}",
                                    "{\"tasks\":1}",
                                    "{\"message\":2}",
                                    "{\"lead\":2,\"tasks\":1}",
                                    "{\"fax\":1}")
                            .get(random.nextInt(5)));
            if (answer.body().path("allow").asBoolean() && random.nextInt(3) > 0) {
                story.release(tenant, operation);
            }
        }
        PolicyStory.await(() -> PolicyStory.sql(
                        "select count(*) from decision where tenant_id in (?, ?)",
                        tenants.getFirst().value(),
                        tenants.getLast().value())
                == 400);
        String rates =
                "{\"message\":{\"credits\":2,\"per\":1},\"lead\":{\"credits\":1,\"per\":1},\"fax\":{\"credits\":1}}";
        String draft = plan(plan, "[\"concierge\",\"sales\"]", rates, "{\"tasks\":10}", 30);

        JsonNode answer = simulate("\"plan\":" + draft).body();

        Oracle oracle = new Oracle();
        for (TenantId tenant : tenants) {
            oracle.judge(tenant, mapper.readTree(draft));
        }
        assertThat(oracle.decisions).isEqualTo(400);
        assertThat(answer.path("decisions").asLong()).isEqualTo(400);
        assertThat(answer.path("unreproduced").asLong()).isZero();
        assertThat(answer.path("changed").asLong()).isEqualTo(oracle.changed).isPositive();
        long denied = 0;
        long allowed = 0;
        long before = 0;
        long after = 0;
        for (JsonNode tenant : answer.path("tenants")) {
            denied += tenant.path("now_denied").asLong();
            allowed += tenant.path("now_allowed").asLong();
            before += tenant.path("credits_before").asLong();
            after += tenant.path("credits_after").asLong();
        }
        assertThat(denied).isEqualTo(oracle.nowDenied).isPositive();
        assertThat(allowed).isEqualTo(oracle.nowAllowed).isPositive();
        assertThat(before).isEqualTo(oracle.creditsBefore).isPositive();
        assertThat(after).isEqualTo(oracle.creditsAfter).isPositive();
    }

    /** Runs the engine on what the rows say, by hand. */
    private final class Oracle {
        private final PolicyEngine engine = RulesParts.engine(RulesDocument.EMPTY);
        private long decisions;
        private long changed;
        private long nowDenied;
        private long nowAllowed;
        private long creditsBefore;
        private long creditsAfter;

        void judge(TenantId tenant, JsonNode draft) throws Exception {
            try (Connection connection = PostgresServer.shared().superuser(ParleyTestResource.DATABASE);
                    PreparedStatement query = connection.prepareStatement("""
                            select d.agent, d.channel, d.estimate, d.allow, d.credits, d.standing, v.subscription
                              from app.decision d
                              join app.entitlement_version v using (tenant_id, policy_version)
                             where tenant_id = ?""")) {
                query.setObject(1, tenant.value());
                try (ResultSet rows = query.executeQuery()) {
                    while (rows.next()) {
                        judge(tenant, draft, rows);
                    }
                }
            }
        }

        private void judge(TenantId tenant, JsonNode draft, ResultSet row) throws Exception {
            SubscriptionChanged recorded = mapper.readValue(row.getString("subscription"), SubscriptionChanged.class);
            SubscriptionChanged drafted = new SubscriptionChanged(
                    recorded.version(),
                    recorded.status(),
                    recorded.plan(),
                    0,
                    recorded.currentPeriodStart(),
                    recorded.currentPeriodEnd(),
                    new SubscriptionChanged.Granted(
                            mapper.convertValue(draft.path("agents"), java.util.Set.class),
                            mapper.convertValue(draft.path("channels"), java.util.Set.class),
                            Map.of(
                                    "message", new dev.parley.policy.rating.Rate(2, 1),
                                    "lead", new dev.parley.policy.rating.Rate(1, 1),
                                    "fax", new dev.parley.policy.rating.Rate(1, 1)),
                            null,
                            null,
                            Map.of("tasks", 10L),
                            null,
                            null));
            Map<String, Long> estimate = new java.util.HashMap<>();
            mapper.readTree(row.getString("estimate"))
                    .properties()
                    .forEach(meter ->
                            estimate.put(meter.getKey(), meter.getValue().asLong()));
            Ask ask = new Ask(tenant.value(), row.getString("agent"), row.getString("channel"), null, estimate);
            Standing standing = mapper.readValue(row.getString("standing"), Standing.class);
            Standing poorer = new Standing(
                    standing.granted() - 30, standing.available() - 30, standing.held(), standing.counters());
            Terms terms = CompiledTerms.of(drafted, false);
            Verdict after = engine.decide(terms, ask, poorer);
            boolean allowed = row.getBoolean("allow");
            decisions++;
            Verdict before = engine.decide(CompiledTerms.of(recorded, false), ask, standing);
            assertThat(before.allow()).isEqualTo(allowed);
            changed += before.reason() == after.reason() ? 0 : 1;
            nowDenied += allowed && !after.allow() ? 1 : 0;
            nowAllowed += !allowed && after.allow() ? 1 : 0;
            creditsBefore += row.getLong("credits");
            creditsAfter += after.allow() ? after.heldCredits() : 0;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"plan\":{\"code\":\"a\",\"agents\":[],\"channels\":[]},\"rules\":{}",
                "\"rules\":{},\"from\":\"2999-12-01T00:00:00Z\"",
                "\"plan\":{\"code\":\"a\",\"agents\":[],\"channels\":[],\"overage\":{\"mode\":\"generous\"}}",
                "\"plan\":{\"code\":\"a\",\"agents\":[],\"channels\":[],\"credits\":-1}",
                "\"plan\":{\"code\":\"a\",\"agents\":[],\"channels\":[],\"quotas\":{\"tasks\":-1}}",
                "\"plan\":{\"code\":\"a\",\"agents\":[],\"channels\":[],\"rates\":{\"lead\":{\"credits\":99999999}}}",
                "\"plan\":{\"code\":\"a\",\"agents\":[],\"channels\":[],\"agent_rates\":{\"x\":{\"lead\":{}}}}",
                "\"plan\":{\"code\":\"a\"}",
                "\"plan\":{\"code\":\"a\\u0000\",\"agents\":[],\"channels\":[]}",
                "\"plan\":{\"code\":\"a\",\"agents\":[],\"channels\":[],\"overage\":{}}",
                "\"plan\":{\"code\":\"a\",\"agents\":[],\"channels\":[],\"overage\":{\"cap\":5}}",
                "\"rules\":{\"deny\":[{\"id\":\"all\",\"remedy\":\"Go.\"}]}"
            })
    void draftsThatMakeNoSenseAreRefused(String draft) throws Exception {
        assertThat(simulate(draft).status()).isEqualTo(422);
    }

    @Test
    void onlyPlatformAdminsWithAReasonMaySimulateAndEachTimeIsWrittenDown() throws Exception {
        TenantId tenant = PolicyStory.newTenant();
        String reason = "is it safe? " + UUID.randomUUID();

        assertThat(post(TestTokens.member(tenant, "owner"), "x", "{}").status()).isEqualTo(403);
        assertThat(post(TestTokens.platformAdmin(), null, body("\"rules\":{}")).text("code"))
                .isEqualTo("ACCESS_REASON_REQUIRED");
        assertThat(post(TestTokens.platformAdmin(), reason, body("\"rules\":{}"))
                        .status())
                .isEqualTo(200);
        PolicyStory.await(
                () -> story.auditReasons(TenantId.PLATFORM, "policy.simulate").contains(reason));
    }

    @Test
    void aSimulationThatTakesTooLongEndsAndIsWrittenDownAllTheSame() {
        story.subscribed(1);
        String reason = "all of it " + UUID.randomUUID();
        SimulationRequest all =
                new SimulationRequest(null, RulesDocument.EMPTY, Instant.EPOCH, Instant.parse("2999-01-01T00:00:00Z"));
        Caller admin = new Caller(null, "admin", "password", Set.of(Caller.PLATFORM_ADMIN), Set.of());

        assertThatThrownBy(() -> simulations.simulate(all, AccessReason.of(reason, null), admin, Duration.ZERO))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("SIMULATION_TOO_LARGE");

        PolicyStory.await(
                () -> story.auditReasons(TenantId.PLATFORM, "policy.simulate").contains(reason));
    }

    private TenantId tenant(String plan, String agents, String quotas, long granted, long credits) {
        TenantId tenant = PolicyStory.newTenant();
        story.subscription(tenant, "subscription-changed", """
                {"version":1,"status":"active","plan":"%s","plan_version":1,"provider":"stripe",\
                "current_period_start":"2026-11-01T00:00:00Z","current_period_end":"2026-12-01T00:00:00Z",\
                "cancel_at_period_end":false,"trial_end":null,"entitlement":{"agents":%s,"channels":["web"],\
                "rates":%s,"quotas":%s,"overage":{"mode":"block"},"credits":%d}}""".formatted(plan, agents, RATES, quotas, credits));
        story.subscription(tenant, "credits-granted", PolicyStory.grant(UUID.randomUUID(), granted, null));
        story.awaitEntitlement(tenant, 1, granted);
        return tenant;
    }

    private static String plan(String code, String agents, String rates, String quotas, long credits) {
        return """
                {"code":"%s","name":"Draft","price":{"amount":100,"currency":"INR"},"interval":"month","credits":%d,\
                "rates":%s,"agents":%s,"channels":["web"],"quotas":%s,"overage":{"mode":"block","price_per_1000":900},"trial_days":0}""".formatted(code, credits, rates, agents, quotas);
    }

    private Answer simulate(String draft) throws Exception {
        return post(TestTokens.platformAdmin(), "before we publish it", body(draft));
    }

    private static String body(String draft) {
        String from = draft.contains("\"from\"") ? "" : "\"from\":\"2026-01-01T00:00:00Z\",";
        return "{" + from + "\"to\":\"" + Instant.now().plusSeconds(60) + "\"," + draft + "}";
    }

    private Answer post(String token, String reason, String body) throws Exception {
        int port = ConfigProvider.getConfig().getValue("quarkus.http.test-port", int.class);
        int actual = port == 0 ? ConfigProvider.getConfig().getValue("quarkus.http.port", int.class) : port;
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + actual + "/api/v1/policy/simulate"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (reason != null) {
            request.header("X-Access-Reason", reason);
        }
        HttpResponse<String> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(answer.statusCode(), mapper.readTree(answer.body()), null);
    }
}
