package dev.parley.auth.outbound;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.http.ServiceClients;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Asks policy-service what it knows about a tenant. */
@ApplicationScoped
public class PolicyClient {
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
}
