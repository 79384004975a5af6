package dev.parley.channel.outbound;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.DeserializationFeature;
import dev.parley.platform.http.EventStream;
import dev.parley.platform.http.ServiceClient;
import dev.parley.platform.http.ServiceClients;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemType;
import dev.parley.platform.problem.ReceivedProblem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;

/** Asks agent-service. Failures of a run come as its problems: 502, 504, 422 and 409; unreachable is 503. */
@ApplicationScoped
public class AgentClient {
    private static final String RUNS = "/internal/runs";
    private static final Duration RUN_PATIENCE = Duration.ofSeconds(95);
    private static final Duration LIST_PATIENCE = Duration.ofMillis(800);

    private final ServiceClient agent;
    private final ObjectReader reader;

    AgentClient(ServiceClients clients, ObjectMapper mapper) {
        this.agent = clients.to("agent-service");
        this.reader = mapper.reader().without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    /** Runs the agent and waits for the whole reply. The same operation again gets the stored reply. */
    public RunResult run(TenantId tenant, RunRequest request) {
        return agent.post(tenant, RUNS, request, RunResult.class, RUN_PATIENCE);
    }

    /** As {@link #run}, and tells each piece of the reply as soon as it is there. */
    public RunResult stream(TenantId tenant, RunRequest request, Deltas deltas) {
        try (EventStream events = agent.stream(tenant, RUNS, request, RUN_PATIENCE)) {
            for (EventStream.Event event = events.next(); event != null; event = events.next()) {
                switch (event.name()) {
                    case "delta" -> deltas.accept(tree(event.data()).path("text").asText());
                    case "result" -> {
                        return reader.readValue(event.data(), RunResult.class);
                    }
                    case "problem" -> throw problem(tree(event.data()));
                    default -> { }
                }
            }
        } catch (JsonProcessingException malformed) {
            throw new IllegalStateException("agent-service streamed something else than agreed", malformed);
        } catch (java.io.IOException malformed) {
            throw new IllegalStateException("agent-service streamed something else than agreed", malformed);
        }
        throw CommonProblem.unavailable("agent-service", new java.io.EOFException("stream without a result"));
    }

    /** The agents that exist for this tenant. */
    public List<AgentSummary> list(TenantId tenant) {
        return agent.get(tenant, "/internal/agents", Agents.class, LIST_PATIENCE).items();
    }

    private JsonNode tree(String data) throws JsonProcessingException {
        return reader.readTree(data);
    }

    private static Problem problem(JsonNode body) {
        String code = body.path("code").asText("PROVIDER_FAILED");
        Problem problem = new Problem(new ReceivedProblem(
                code,
                body.path("status").asInt(502),
                body.path("title").asText("The agent could not answer"),
                ProblemType.uriOf(code)));
        return body.hasNonNull("detail") ? problem.detail(body.path("detail").asText()) : problem;
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Agents(List<AgentSummary> items) {}
}
