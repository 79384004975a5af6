package dev.parley.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.local.JsonHttp.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Creates the demo agents, plans and tenant as anybody could: through the gateway, as platform admin and by sign-up.
 * What exists already is left as it is.
 */
final class DemoSeed {
    static final String OWNER_EMAIL = "owner@demo.parley.local";
    static final String OWNER_PASSWORD = "parley-demo-owner";
    private static final String AGENTS = "/api/v1/admin/agents";
    private static final String PLANS = "/api/v1/admin/plans";

    private static final int UNAVAILABLE = 503;
    private static final int TOO_SLOW = 504;
    private static final int CONFLICT = 409;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final StackSettings stack;

    DemoSeed(StackSettings stack) {
        this.stack = stack;
    }

    void ensure() {
        JsonNode demo = demo();
        try (JsonHttp http = new JsonHttp(stack.url(Part.GATEWAY))) {
            Map<String, String> admin = login(http);
            ensureAgents(http, admin, demo.path("agents"));
            ensurePlans(http, admin, demo.path("plans"));
            send(http, "POST", "/api/v1/auth/signup", demo.path("owner"), Map.of())
                    .expecting("sign-up of the demo owner", 201, 409);
        } catch (StackFailure failure) {
            throw new StackFailure("the demo data cannot be created: " + failure.getMessage(), failure);
        }
    }

    private Map<String, String> login(JsonHttp http) {
        JsonNode tokens = send(
                        http,
                        "POST",
                        "/api/v1/auth/login",
                        Map.of(
                                "email",
                                LocalRealm.PLATFORM_ADMIN_EMAIL,
                                "password",
                                LocalRealm.PLATFORM_ADMIN_PASSWORD),
                        Map.of())
                .expecting("login of the platform admin", 200)
                .body();
        return Map.of("Authorization", "Bearer " + tokens.path("access_token").asText());
    }

    private void ensureAgents(JsonHttp http, Map<String, String> admin, JsonNode agents) {
        JsonNode known = items(http, admin, AGENTS);
        for (JsonNode agent : agents) {
            String id = find(known, "slug", agent.path("slug").asText());
            if (id == null) {
                ObjectNode request = agent.deepCopy();
                request.remove("prompt");
                id = send(http, "POST", AGENTS, request, admin)
                        .expecting("POST " + AGENTS, 201)
                        .body()
                        .path("id")
                        .asText();
            }
            String versions = AGENTS + "/" + id + "/prompt-versions";
            if (find(items(http, admin, versions), "status", "active") == null) {
                String number = send(http, "POST", versions, agent.path("prompt"), admin)
                        .expecting("POST " + versions, 201)
                        .body()
                        .path("number")
                        .asText();
                String activation = versions + "/" + number + "/activation";
                send(http, "POST", activation, null, admin).expecting("POST " + activation, 200, 201, 204);
            }
        }
    }

    private void ensurePlans(JsonHttp http, Map<String, String> admin, JsonNode plans) {
        Set<String> known = StreamSupport.stream(items(http, admin, PLANS).spliterator(), false)
                .map(plan -> plan.path("code").asText())
                .collect(Collectors.toSet());
        for (JsonNode plan : plans) {
            if (!known.contains(plan.path("code").asText())) {
                send(http, "POST", PLANS, plan, admin).expecting("POST " + PLANS, 201);
            }
        }
    }

    private JsonNode items(JsonHttp http, Map<String, String> admin, String path) {
        return send(http, "GET", path, null, admin)
                .expecting("GET " + path, 200)
                .body()
                .path("items");
    }

    /** Sends a request, again under the same key while a part that was just started is not reachable yet, or slow. */
    private static Answer send(
            JsonHttp http, String method, String path, Object body, Map<String, String> credentials) {
        Map<String, String> headers = new HashMap<>(credentials);
        headers.put("Idempotency-Key", UUID.randomUUID().toString());
        long end = System.nanoTime() + PATIENCE.toNanos();
        Answer answer = http.send(method, path, body, headers);
        while (isToBeAskedAgain(answer) && System.nanoTime() < end) {
            LockSupport.parkNanos(PAUSE.toNanos());
            answer = http.send(method, path, body, headers);
        }
        return answer;
    }

    /** Whether it was not reached, or is still at work at what it was asked. */
    private static boolean isToBeAskedAgain(Answer answer) {
        return answer.status() == UNAVAILABLE
                || answer.status() == TOO_SLOW
                || answer.status() == CONFLICT
                        && "IDEMPOTENCY_KEY_IN_USE"
                                .equals(answer.body().path("code").asText());
    }

    private static String find(JsonNode items, String member, String value) {
        for (JsonNode item : items) {
            if (item.path(member).asText().equals(value)) {
                return item.path("id").asText();
            }
        }
        return null;
    }

    private static JsonNode demo() {
        try (InputStream in = DemoSeed.class.getResourceAsStream("/demo.json")) {
            return JsonHttp.JSON.readTree(in);
        } catch (IOException e) {
            throw new StackFailure("demo.json cannot be read", e);
        }
    }
}
