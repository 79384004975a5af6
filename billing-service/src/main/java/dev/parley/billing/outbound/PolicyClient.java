package dev.parley.billing.outbound;

import dev.parley.platform.http.ServiceClients;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What policy-service knows of a tenant. */
@ApplicationScoped
public class PolicyClient {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(40);

    private final ServiceClients clients;

    PolicyClient(ServiceClients clients) {
        this.clients = clients;
    }

    /**
     * Waits, for two seconds at most, until policy-service decides by that version of the subscription or a later one;
     * returns whether it does. It never fails: the version travels by event in any case.
     */
    public boolean awaitVersion(TenantId tenant, long version) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            if (currentVersion(tenant) >= version) {
                return true;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return false;
    }

    /**
     * Asks whether staff may make a change. No answer is a 503 problem: nothing is changed that policy was not asked of.
     *
     * @param action credit-adjustment, usage-refund or payment-refund
     * @param credits how many the change moves, without a sign
     */
    public AdministrativeDecision administrative(TenantId tenant, String action, long credits, String admin) {
        return clients.to("policy-service")
                .post(
                        tenant,
                        "/internal/decisions/administrative",
                        new AdministrativeRequest(action, credits, tenant.value(), admin),
                        AdministrativeDecision.class,
                        PATIENCE);
    }

    /** The tenant's balance with all of its lots; a 503 problem when policy does not answer. */
    public PolicyBalances balances(TenantId tenant) {
        return clients.to("policy-service").get(tenant, "/internal/balances", PolicyBalances.class, PATIENCE);
    }

    /** The version of the subscription that policy decides by; zero when it knows none, a 503 problem when it is down. */
    public long entitlementVersion(TenantId tenant) {
        try {
            return clients.to("policy-service")
                    .get(tenant, "/internal/entitlements", Entitlements.class, PATIENCE)
                    .version();
        } catch (Problem problem) {
            if (problem.type().status() == 404) {
                return 0;
            }
            throw problem;
        }
    }

    private long currentVersion(TenantId tenant) {
        try {
            return clients.to("policy-service")
                    .get(tenant, "/internal/entitlements", Entitlements.class, Duration.ofMillis(500))
                    .version();
        } catch (Problem unknownOrDown) {
            if (unknownOrDown.type().status() == 503) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            }
            return 0;
        }
    }

    @RegisterForReflection
    private record AdministrativeRequest(String action, long credits, UUID tenantId, String admin) {}

    @RegisterForReflection
    private record Entitlements(long version) {}
}
