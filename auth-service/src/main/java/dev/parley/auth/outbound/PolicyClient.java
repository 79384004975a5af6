package dev.parley.auth.outbound;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.http.ServiceClients;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** Asks policy-service, which alone decides. */
@ApplicationScoped
public class PolicyClient {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ServiceClients clients;

    PolicyClient(ServiceClients clients) {
        this.clients = clients;
    }

    /** Whether policy-service knows the tenant's entitlements yet; false too when it cannot be reached in time. */
    public boolean knows(TenantId tenant, Duration patience) {
        try {
            clients.to("policy-service").get(tenant, "/internal/entitlements", JsonNode.class, patience);
            return true;
        } catch (Problem notYet) {
            return false;
        }
    }

    /**
     * Whether the tenant may have one more of something, of which there are that many; nothing is held. A 503 problem when
     * policy-service gives no answer, within 300 ms when it shows no sign of life.
     */
    public PolicyDecision oneMore(TenantId tenant, String subject, String meter, long present) {
        return clients.to("policy-service")
                .postIfAlive(
                        tenant,
                        "/internal/decisions",
                        new Question(Operation.id(), subject, Map.of(meter, present), false),
                        PolicyDecision.class,
                        PATIENCE);
    }

    @RegisterForReflection
    record Question(UUID operationId, String userId, Map<String, Long> estimate, boolean hold) {}
}
