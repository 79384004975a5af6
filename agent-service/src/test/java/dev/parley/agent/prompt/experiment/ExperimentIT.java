package dev.parley.agent.prompt.experiment;

import static dev.parley.agent.AgentFixtures.aSlug;
import static dev.parley.agent.AgentFixtures.aTenant;
import static dev.parley.agent.AgentFixtures.aText;
import static dev.parley.agent.AgentFixtures.activate;
import static dev.parley.agent.AgentFixtures.admin;
import static dev.parley.agent.AgentFixtures.createAgent;
import static dev.parley.agent.AgentFixtures.draft;
import static dev.parley.agent.AgentFixtures.events;
import static dev.parley.agent.AgentFixtures.eventually;
import static dev.parley.agent.AgentFixtures.execute;
import static dev.parley.agent.AgentFixtures.post;
import static dev.parley.agent.AgentFixtures.publish;
import static dev.parley.agent.AgentFixtures.read;
import static dev.parley.agent.AgentFixtures.run;
import static dev.parley.agent.AgentFixtures.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.agent.FakeVendors;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.ParleyTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
@QuarkusTestResource(FakeVendors.class)
class ExperimentIT {
    private static final String AGENT = "/api/v1/admin/agents/{id}";

    @Test
    void conversationsKeepTheirVersionAndEachVersionIsCounted() {
        // Given two versions side by side
        TenantId tenant = aTenant();
        String slug = aSlug("split");
        String id = createAgent(slug);
        activate(id, draft(id, Map.of("system_prompt", "One", "provider", "default")));
        draft(id, Map.of("system_prompt", "Two", "provider", "default"));
        JsonPath begun = begin(id, List.of(arm(1, 1), arm(2, 1)), List.of())
                .then()
                .statusCode(201)
                .body("arms.control", contains(true, false))
                .extract()
                .jsonPath();
        String experiment = begun.getString("id");
        status(id, 2, "testing");

        // When twenty conversations have two replies each
        Map<Integer, Integer> conversations = new HashMap<>();
        List<Map<String, Object>> requests = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String conversation = UUID.randomUUID().toString();
            Map<String, Object> first = in(conversation, run(slug, aText("ok")));
            JsonPath reply =
                    post(tenant, first).then().statusCode(200).extract().jsonPath();
            int number = reply.getInt("prompt_version");
            assertThat(reply.getString("prompt_version_id"))
                    .isEqualTo(begun.getString("arms[" + (number - 1) + "].version_id"));
            post(tenant, in(conversation, run(slug, aText("ok"))))
                    .then()
                    .statusCode(200)
                    .body("prompt_version", equalTo(number));
            conversations.merge(number, 1, Integer::sum);
            first.put("number", number);
            requests.add(first);
        }
        assertThat(conversations.keySet()).containsExactlyInAnyOrder(1, 2);

        // and the second version's first conversation is charged 7 credits and taken over, told twice
        Map<String, Object> one = requests.stream()
                .filter(request -> request.get("number").equals(2))
                .findFirst()
                .orElseThrow();
        UUID charged = UUID.randomUUID();
        UUID taken = UUID.randomUUID();
        eventually(
                () -> experiment(id, experiment),
                seen -> seen.getInt("arms[0].figures.counted.replies") == 2 * conversations.get(1)
                        && seen.getInt("arms[1].figures.counted.replies") == 2 * conversations.get(2));
        for (int i = 0; i < 2; i++) {
            publish(
                    charged,
                    "policy.usage.events",
                    "policy.usage-settled.v1",
                    tenant,
                    Map.of("operation_id", one.get("operation_id"), "credits", 7));
            publish(
                    taken,
                    "channel.message.events",
                    "channel.conversation-taken-over.v1",
                    tenant,
                    Map.of("conversation_id", one.get("conversation_id")));
        }
        publish(
                UUID.randomUUID(),
                "channel.message.events",
                "channel.conversation-taken-over.v1",
                tenant,
                Map.of("conversation_id", one.get("conversation_id")));

        // Then
        JsonPath seen = eventually(
                () -> experiment(id, experiment),
                now -> now.getInt("arms[1].figures.counted.handoffs") > 0
                        && now.getInt("arms[1].figures.counted.charged") > 0);
        assertThat(seen.getInt("arms[0].figures.counted.conversations")).isEqualTo(conversations.get(1));
        assertThat(seen.getInt("arms[1].figures.counted.conversations")).isEqualTo(conversations.get(2));
        assertThat(seen.getInt("arms[0].figures.counted.tokens")).isEqualTo(36 * conversations.get(1));
        assertThat(seen.getFloat("arms[1].figures.tokens_per_reply")).isEqualTo(18f);
        assertThat(seen.getInt("arms[1].figures.counted.handoffs")).isOne();
        assertThat(seen.getInt("arms[1].figures.counted.charged")).isOne();
        assertThat(seen.getInt("arms[1].figures.counted.credits")).isEqualTo(7);
        assertThat(seen.getInt("arms[0].figures.counted.handoffs")).isZero();

        // a day later it is known how they ended
        assertThat(execute(
                        "update prompt_conversation set since = now() - interval '25 hours' where release_id = cast(? as uuid)",
                        experiment))
                .isEqualTo(20);
        JsonPath settled = eventually(
                () -> experiment(id, experiment),
                now -> now.getInt("arms[0].figures.counted.settled") + now.getInt("arms[1].figures.counted.settled")
                        == 20);
        assertThat(settled.getInt("arms[0].figures.counted.resolved")).isEqualTo(conversations.get(1));
        assertThat(settled.getInt("arms[1].figures.counted.resolved")).isEqualTo(conversations.get(2) - 1);
        assertThat(settled.getFloat("arms[0].figures.unresolved_rate")).isZero();

        // and the second is promoted
        admin().body(Map.of("number", 2))
                .post(AGENT + "/experiments/{e}/promotion", id, experiment)
                .then()
                .statusCode(200)
                .body("status", equalTo("promoted"))
                .body("winner", equalTo(2));
        status(id, 2, "active");
        status(id, 1, "archived");
        post(tenant, run(slug, aText("ok"))).then().body("prompt_version", equalTo(2));
        admin().delete(AGENT + "/experiments/{e}", id, experiment)
                .then()
                .statusCode(409)
                .body("code", equalTo("EXPERIMENT_ENDED"));
    }

    @Test
    void aBadArmStopsTheExperimentByItself() {
        // Given two versions
        TenantId tenant = aTenant();
        String slug = aSlug("bad");
        String id = createAgent(slug);
        activate(id, draft(id, Map.of("system_prompt", "One", "provider", "default")));
        draft(id, Map.of("system_prompt", "Two", "provider", "default"));
        JsonPath begun = begin(id, List.of(arm(1, 1), arm(2, 3)), List.of(Map.of("metric", "failure_rate", "max", 0.2)))
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
        String experiment = begun.getString("id");
        String second = begun.getString("arms[1].version_id");

        // When runs fail for what no version causes, none counts
        for (String cause : new String[] {"provider", "tenant_key", "request", "platform"}) {
            failed(tenant, slug, experiment, second, cause, 12);
        }
        failed(tenant, slug, experiment, begun.getString("arms[0].version_id"), "version", 1);
        JsonPath seen = eventually(
                () -> experiment(id, experiment), now -> now.getInt("arms[0].figures.counted.failures") == 1);
        assertThat(seen.getInt("arms[1].figures.counted.failures")).isZero();

        // and then for what it causes
        failed(tenant, slug, experiment, second, "version", 12);
        eventually(() -> experiment(id, experiment).getString("status"), status -> status.equals("broken"));

        // Then the control answers alone, and everybody is told
        for (int i = 0; i < 8; i++) {
            post(tenant, run(slug, aText("ok"))).then().statusCode(200).body("prompt_version", equalTo(1));
        }
        status(id, 1, "active");
        status(id, 2, "archived");
        JsonPath ended = experiment(id, experiment);
        assertThat(ended.getString("reason")).startsWith("Version 2: failure_rate is 1.0000 in ");
        assertThat(ended.getString("ended_by")).isEqualTo("service:agent-service");
        var told = events(
                "agent.run.events",
                event -> event.value().contains(experiment) && event.value().contains("watched_id"));
        assertThat(told).hasSize(1);
        JsonNode broken = read(told.getFirst().value());
        assertThat(broken.get("watched").asText()).isEqualTo("experiment");
        assertThat(broken.get("number").asInt()).isEqualTo(2);
        assertThat(broken.get("back_to").asInt()).isOne();
        assertThat(broken.get("metric").asText()).isEqualTo("failure_rate");
        assertThat(broken.get("observed").asDouble()).isEqualTo(1.0);
        assertThat(events(
                        "platform.audit.events",
                        event -> event.value().contains(experiment)
                                && event.value().contains("experiment.stop")))
                .hasSize(1);
    }

    @Test
    void anArmWhoseModelRefusesStopsTheExperimentByItself() {
        // Given two versions
        TenantId tenant = aTenant();
        String slug = aSlug("refusing");
        String id = createAgent(slug);
        activate(id, draft(id, Map.of("system_prompt", "One", "provider", "default")));
        draft(id, Map.of("system_prompt", "Two", "provider", "default"));
        JsonPath begun = begin(id, List.of(arm(1, 1), arm(2, 1)), List.of(Map.of("metric", "refusal_rate", "max", 0.2)))
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
        String experiment = begun.getString("id");
        String first = begun.getString("arms[0].version_id");
        String second = begun.getString("arms[1].version_id");

        // When one of the first's replies is a refusal, and no answer of the second's is whole
        replied(tenant, slug, experiment, first, "stop", 11);
        replied(tenant, slug, experiment, first, "content_filter", 1);
        replied(tenant, slug, experiment, second, "length", 12);

        // Then that is no reason to stop
        JsonPath seen = eventually(
                () -> experiment(id, experiment),
                now -> now.getInt("arms[0].figures.counted.replies") == 12
                        && now.getInt("arms[1].figures.counted.replies") == 12);
        assertThat(seen.getInt("arms[0].figures.counted.refusals")).isOne();
        assertThat(seen.getInt("arms[1].figures.counted.refusals")).isZero();
        assertThat(seen.getString("status")).isEqualTo("running");

        // but that the second's are refusals is
        replied(tenant, slug, experiment, second, "content_filter", 36);
        JsonPath ended = eventually(
                () -> experiment(id, experiment), now -> now.getString("status").equals("broken"));
        assertThat(ended.getString("reason")).startsWith("Version 2: refusal_rate is 0.");
        status(id, 1, "active");
        status(id, 2, "archived");
    }

    @Test
    void aVersionThatDoesBadlyAfterItsActivationIsRolledBack() {
        // Given an agent that watches its versions
        TenantId tenant = aTenant();
        String slug = aSlug("watched");
        String id = createAgent(slug);
        admin().body(Map.of(
                        "guards",
                        List.of(Map.of("metric", "failure_rate", "max_worse", 0.1)),
                        "minimum_sample",
                        10,
                        "window_seconds",
                        600))
                .put(AGENT + "/guard", id)
                .then()
                .statusCode(200)
                .body("window_seconds", equalTo(600));
        activate(id, draft(id, Map.of("system_prompt", "Zero", "provider", "default")));
        replies(tenant, slug);
        activate(id, draft(id, Map.of("system_prompt", "One", "provider", "default")));
        String first = lastRelease(id);
        replies(tenant, slug);

        // When
        int two = draft(id, Map.of("system_prompt", "Two", "provider", "default"));
        activate(id, two);
        failed(tenant, slug, lastRelease(id), versionId(id, two), "version", 12);

        // Then
        eventually(() -> admin().get(AGENT, id).jsonPath().getInt("active_version"), version -> version == 2);
        post(tenant, run(slug, aText("ok"))).then().statusCode(200).body("prompt_version", equalTo(2));

        // but not the one before it too, when that does badly as well: then it is not the version
        failed(tenant, slug, first, versionId(id, 2), "version", 40);
        eventually(
                () -> value("select sum(failures) from prompt_figures where release_id = cast(? as uuid)", first),
                "40"::equals);
        // (a call of the API is no conversation that somebody could take over)
        eventually(
                () -> value(
                        "select sum(replies) || ' replies, ' || sum(conversations) from prompt_figures where release_id = cast(? as uuid)",
                        first),
                List.of("13 replies, 12", "14 replies, 13")::contains);
        LockSupport.parkNanos(Duration.ofSeconds(3).toNanos());
        assertThat(admin().get(AGENT, id).jsonPath().getInt("active_version")).isEqualTo(2);
        var told = events(
                "agent.run.events",
                event -> event.value().contains(id) && event.value().contains("watched_id"));
        assertThat(told).hasSize(1);
        assertThat(read(told.getFirst().value()).get("watched").asText()).isEqualTo("activation");
        assertThat(read(told.getFirst().value()).get("compared").asDouble()).isZero();
        assertThat(events(
                        "platform.audit.events",
                        event -> event.value().contains(id) && event.value().contains("prompt-version.rollback")))
                .hasSize(1)
                .allMatch(event -> event.value().contains("failure_rate"));
    }

    @Test
    void whatCannotBeComparedIsRefused() {
        String id = createAgent(aSlug("refused"));
        draft(id, Map.of("system_prompt", "One", "provider", "demo"));
        draft(id, Map.of("system_prompt", "Two", "provider", "demo"));
        refused(begin(id, List.of(arm(1, 1), arm(2, 1)), List.of()), 409, "AGENT_NOT_READY");
        activate(id, 1);
        refused(begin(id, List.of(arm(1, 1), arm(1, 1)), List.of()), 422, "EXPERIMENT_INVALID");
        refused(begin(id, List.of(arm(1, 1), arm(9, 1)), List.of()), 404, "PROMPT_VERSION_NOT_FOUND");
        refused(
                begin(id, List.of(arm(1, 1), arm(2, 1)), List.of(Map.of("metric", "failure_rate"))),
                422,
                "EXPERIMENT_INVALID");
        refused(
                begin(id, List.of(arm(1, 1), arm(2, 1)), List.of(Map.of("metric", "luck", "max", 1))),
                422,
                "VALIDATION_FAILED");
        draft(id, Map.of("system_prompt", "Three", "provider", "demo"));
        refused(begin(id, List.of(arm(2, 1), arm(3, 1)), List.of()), 422, "EXPERIMENT_INVALID");

        String experiment = begin(id, List.of(arm(1, 1), arm(2, 1)), List.of()).path("id");
        refused(begin(id, List.of(arm(1, 1), arm(3, 1)), List.of()), 409, "EXPERIMENT_RUNNING");
        refused(admin().post(AGENT + "/prompt-versions/3/activation", id), 409, "EXPERIMENT_RUNNING");
        refused(
                admin().body(Map.of("system_prompt", "Other", "provider", "demo"))
                        .put(AGENT + "/prompt-versions/2", id),
                409,
                "PROMPT_VERSION_IMMUTABLE");
        admin().queryParam("reason", "enough")
                .delete(AGENT + "/experiments/{e}", id, experiment)
                .then()
                .statusCode(200)
                .body("status", equalTo("stopped"))
                .body("reason", equalTo("enough"));
        activate(id, 3);
        admin().get(AGENT + "/experiments", id).then().body("items.id", contains(experiment));
    }

    @Test
    void aVersionThatDidNotPassMustNotTakePart() {
        String id = createAgent(aSlug("ungolden"));
        activate(id, draft(id, Map.of("system_prompt", "One", "provider", "demo")));
        draft(id, Map.of("system_prompt", "Two", "provider", "demo"));
        admin().body(Map.of("name", "g", "turns", List.of(Map.of("user", "Hi", "expect", List.of()))))
                .post(AGENT + "/golden-conversations", id)
                .then()
                .statusCode(201);
        refused(begin(id, List.of(arm(1, 1), arm(2, 1)), List.of()), 409, "GOLDEN_NOT_PASSED");
    }

    @Test
    void whateverHappensTogetherOneVersionIsActive() throws Exception {
        // Given
        String slug = aSlug("raced");
        String id = createAgent(slug);
        for (int i = 0; i < 4; i++) {
            draft(id, Map.of("system_prompt", "Version " + i, "provider", "demo"));
        }
        activate(id, 1);
        activate(id, 2);

        // When activations, rollbacks and experiments meet
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Integer>>> workers = new ArrayList<>();
            for (int worker = 0; worker < 6; worker++) {
                workers.add(many.submit(() -> {
                    List<Integer> answered = new ArrayList<>();
                    for (int i = 0; i < 12; i++) {
                        answered.add(anyChange(id));
                        assertThat(value(
                                        "select count(*) from prompt_version where agent_id = cast(? as uuid) and status = 'active'",
                                        id))
                                .isEqualTo("1");
                    }
                    return answered;
                }));
            }
            for (Future<List<Integer>> worker : workers) {
                statuses.addAll(worker.get());
            }
        }

        // Then nothing broke, and what is active is what the stack of activations says
        assertThat(statuses).isSubsetOf(200, 201, 409, 422);
        assertThat(statuses).contains(200, 201);
        String active =
                value("select number from prompt_version where agent_id = cast(? as uuid) and status = 'active'", id);
        assertThat(value(
                        "select number from prompt_activation where agent_id = cast(? as uuid) and withdrawn_at is null order by seq desc limit 1",
                        id))
                .isEqualTo(active);
        assertThat(value("""
                        select count(*) from experiment e, jsonb_array_elements(e.arms) a
                        where e.agent_id = cast(? as uuid) and e.status = 'running' and (a ->> 'control')::boolean
                          and (a ->> 'number')::int <> ?
                        """, id, Integer.parseInt(active)))
                .as("a running experiment compares with the active version")
                .isEqualTo("0");
        assertThat(value("""
                        select count(*) from prompt_version v where v.agent_id = cast(? as uuid) and v.status = 'testing'
                          and not exists (select from experiment e where e.agent_id = v.agent_id and e.status = 'running')
                        """, id)).isEqualTo("0");
    }

    /** Who waited too long for the agent's row is told to come again, and does. */
    private static int anyChange(String id) {
        int status = oneChange(id);
        for (int i = 0; i < 30 && status == 503; i++) {
            status = oneChange(id);
        }
        return status;
    }

    private static int oneChange(String id) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int number = 1 + random.nextInt(4);
        return switch (random.nextInt(4)) {
            case 0 ->
                admin().post(AGENT + "/prompt-versions/{n}/activation", id, number)
                        .statusCode();
            case 1 -> admin().post(AGENT + "/rollback", id).statusCode();
            case 2 -> {
                int active = admin().get(AGENT, id).jsonPath().getInt("active_version");
                yield begin(id, List.of(arm(active, 1), arm(active % 4 + 1, 1)), List.of())
                        .statusCode();
            }
            default -> {
                String running =
                        value("select id from experiment where agent_id = cast(? as uuid) and status = 'running'", id);
                yield running == null
                        ? 200
                        : admin().delete(AGENT + "/experiments/{e}", id, running)
                                .statusCode();
            }
        };
    }

    private static void replies(TenantId tenant, String slug) {
        for (int i = 0; i < 12; i++) {
            post(tenant, run(slug, aText("ok"))).then().statusCode(200);
        }
        Map<String, Object> call = run(slug, aText("ok"));
        call.put("channel", "api");
        post(tenant, call).then().statusCode(200);
    }

    private static String lastRelease(String id) {
        return value(
                "select id from prompt_activation where agent_id = cast(? as uuid) and withdrawn_at is null order by seq desc limit 1",
                id);
    }

    private static String versionId(String id, int number) {
        return admin().get(AGENT + "/prompt-versions/{n}", id, number).path("id");
    }

    /** Runs of a version that fail for a cause. */
    private static void failed(TenantId tenant, String slug, String release, String version, String cause, int times) {
        for (int i = 0; i < times; i++) {
            Map<String, Object> event = new HashMap<>(Map.of(
                    "operation_id",
                    UUID.randomUUID(),
                    "run_id",
                    UUID.randomUUID(),
                    "agent",
                    slug,
                    "channel",
                    "web",
                    "prompt_version",
                    2,
                    "prompt_version_id",
                    version,
                    "release_id",
                    release,
                    "problem",
                    "PROVIDER_FAILED",
                    "cause",
                    cause));
            publish(UUID.randomUUID(), "agent.run.events", "agent.run-failed.v1", tenant, event);
        }
    }

    /** Replies of a version that ended for a reason. */
    private static void replied(
            TenantId tenant, String slug, String release, String version, String finishReason, int times) {
        for (int i = 0; i < times; i++) {
            Map<String, Object> event = new HashMap<>(Map.of(
                    "operation_id",
                    UUID.randomUUID(),
                    "run_id",
                    UUID.randomUUID(),
                    "agent",
                    slug,
                    "channel",
                    "api",
                    "prompt_version_id",
                    version,
                    "release_id",
                    release,
                    "finish_reason",
                    finishReason,
                    "quantities",
                    Map.of("llm.input_tokens", 7, "llm.output_tokens", 3)));
            publish(UUID.randomUUID(), "agent.usage.events", "agent.usage-recorded.v1", tenant, event);
        }
    }

    private static Map<String, Object> in(String conversation, Map<String, Object> request) {
        request.put("conversation_id", conversation);
        return request;
    }

    private static Map<String, Integer> arm(int number, int weight) {
        return Map.of("number", number, "weight", weight);
    }

    private static Response begin(String id, List<?> arms, List<?> guards) {
        return admin().body(Map.of("name", "which is better", "arms", arms, "guards", guards, "minimum_sample", 10))
                .post(AGENT + "/experiments", id);
    }

    private static JsonPath experiment(String id, String experiment) {
        return admin().get(AGENT + "/experiments/{e}", id, experiment).jsonPath();
    }

    private static void status(String id, int number, String status) {
        admin().get(AGENT + "/prompt-versions/{n}", id, number).then().body("status", equalTo(status));
    }

    private static void refused(Response answer, int status, String code) {
        answer.then().statusCode(status).body("code", equalTo(code));
    }
}
