package dev.parley.channel.outbound;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.http.ServiceClients;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Asks the other services what they did for an operation. */
@ApplicationScoped
public class OperationClient {
    private static final List<String> OTHERS =
            List.of("auth-service", "policy-service", "agent-service", "billing-service");
    private static final int NOT_FOUND = 404;

    private final ServiceClients clients;
    private final Duration patience;

    OperationClient(ServiceClients clients, OutboundConfig config) {
        this.clients = clients;
        this.patience = config.answerPatience();
    }

    /** The steps by service, asked side by side; null stands for a service that did not answer. */
    public Map<String, @Nullable List<Step>> steps(TenantId tenant, UUID operation) {
        UUID current = Operation.id();
        Map<String, CompletableFuture<List<Step>>> asked = new LinkedHashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String service : OTHERS) {
                asked.put(
                        service,
                        CompletableFuture.supplyAsync(() -> ask(service, tenant, operation, current), threads));
            }
        }
        Map<String, List<Step>> answers = new LinkedHashMap<>();
        asked.forEach((service, answer) -> answers.put(service, answer.join()));
        return answers;
    }

    private @Nullable List<Step> ask(String service, TenantId tenant, UUID operation, UUID current) {
        Operation.enter(current);
        try {
            return new ArrayList<>(clients.to(service)
                    .get(tenant, "/internal/operations/" + operation, Steps.class, patience)
                    .steps());
        } catch (Problem problem) {
            return problem.type().status() == NOT_FOUND ? List.of() : null;
        }
    }

    /** One thing that a service did. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Step(
            Instant at,
            String service,
            String step,
            @Nullable JsonNode detail) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    record Steps(List<Step> steps) {}
}
