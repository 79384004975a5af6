package dev.parley.channel.outbound;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.parley.platform.http.EventStream;
import dev.parley.platform.http.ServiceClient;
import dev.parley.platform.http.ServiceClients;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemType;
import dev.parley.platform.problem.ReceivedProblem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Asks agent-service. Failures of a run come as its problems: 502, 504, 422, 409 and 403; unreachable is 503. */
@ApplicationScoped
public class AgentClient {
    private static final String RUNS = "/internal/runs";
    private static final Set<String> STANDARD = Set.of("type", "title", "status", "detail", "code", "operation_id");

    private final ServiceClient agent;
    private final ObjectReader reader;
    private final Duration runPatience;
    private final Duration listPatience;

    AgentClient(ServiceClients clients, ObjectMapper mapper, OutboundConfig config) {
        this.runPatience = config.runPatience();
        this.listPatience = config.answerPatience();
        this.agent = clients.to("agent-service");
        this.reader = mapper.reader().without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    /** Runs the agent and waits for the whole reply. The same operation again gets the stored reply. */
    public RunResult run(TenantId tenant, RunRequest request) {
        return agent.postPatiently(tenant, RUNS, request, RunResult.class, runPatience);
    }

    /** As {@link #run}, and tells each piece of the reply as soon as it is there. */
    public RunResult stream(TenantId tenant, RunRequest request, Deltas deltas) {
        RunResult result = null;
        try (EventStream events = agent.stream(tenant, RUNS, request, runPatience)) {
            // Read to the end: a connection that is left in the middle of an answer cannot be used again.
            for (EventStream.Event event = events.next(); event != null; event = events.next()) {
                switch (event.name()) {
                    case "delta" ->
                        deltas.accept(tree(event.data()).path("text").asText());
                    case "result" -> result = reader.readValue(event.data(), RunResult.class);
                    case "problem" -> throw problem(tree(event.data()));
                    default -> {}
                }
            }
        } catch (IOException malformed) {
            throw new IllegalStateException("agent-service streamed something else than agreed", malformed);
        } catch (Problem broken) {
            if (result == null) {
                throw broken;
            }
        }
        if (result != null) {
            return result;
        }
        throw CommonProblem.unavailable("agent-service", new EOFException("stream without a result"));
    }

    /** The reply that was made for an operation; 404 when there is none. */
    public RunResult result(TenantId tenant, UUID operationId) {
        return agent.get(tenant, RUNS + "/" + operationId, RunResult.class, listPatience);
    }

    /** The agents that exist for this tenant. */
    public List<AgentSummary> list(TenantId tenant) {
        return agent.get(tenant, "/internal/agents", Agents.class, listPatience).items();
    }

    private JsonNode tree(String data) throws IOException {
        return reader.readTree(data);
    }

    private Problem problem(JsonNode body) throws IOException {
        String code = body.path("code").asText("PROVIDER_FAILED");
        Problem problem = new Problem(new ReceivedProblem(
                code,
                body.path("status").asInt(502),
                body.path("title").asText("The agent could not answer"),
                ProblemType.uriOf(code)));
        for (Map.Entry<String, JsonNode> member : body.properties()) {
            if (!STANDARD.contains(member.getKey())) {
                problem.with(member.getKey(), reader.treeToValue(member.getValue(), Object.class));
            }
        }
        return body.hasNonNull("detail") ? problem.detail(body.path("detail").asText()) : problem;
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Agents(List<AgentSummary> items) {}
}
