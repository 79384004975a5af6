package dev.parley.policy.decision;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.credit.CreditService;
import dev.parley.policy.entitlement.EntitlementService;
import dev.parley.policy.hold.HoldService;
import dev.parley.policy.lease.LeaseService;
import dev.parley.policy.replica.Settings;
import dev.parley.policy.rules.RulesService;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Makes the feature without a container, and opens it for tests of other packages. */
public final class DecisionParts {
    private final DecisionService decisions;
    private final DecisionLog log;

    public DecisionParts(
            Database database,
            ObjectMapper mapper,
            CreditService credits,
            EntitlementService entitlements,
            HoldService holds,
            LeaseService leases,
            RulesService rules,
            Map<String, String> settings,
            MeterRegistry metrics) {
        DecisionConfig config = Settings.of(DecisionConfig.class, settings);
        DecisionRepository repository = new DecisionRepository(mapper);
        this.log = new DecisionLog(database, repository, config, metrics);
        this.decisions = new DecisionService(
                database,
                entitlements,
                credits,
                holds,
                leases,
                rules,
                repository,
                log,
                new Figures(credits, config, Clock.systemUTC()),
                config,
                Clock.systemUTC(),
                metrics);
    }

    public void start() {
        log.start(null);
    }

    public void stop() throws InterruptedException {
        log.stop(null);
    }

    public DecisionResponse decide(TenantId tenant, UUID operation, Map<String, Long> estimate) {
        return decide(tenant, operation, estimate, true, null);
    }

    public DecisionResponse decide(
            TenantId tenant, UUID operation, Map<String, Long> estimate, boolean hold, Long minPolicyVersion) {
        DecisionRequest request = request(operation, estimate, hold, minPolicyVersion);
        return decisions.fromMemory(tenant, request).orElseGet(() -> decisions.fromDatabase(tenant, request));
    }

    /** A decision from memory that holds nothing, about something that this user wants to do. */
    public Optional<DecisionResponse> freeFromMemory(TenantId tenant, UUID operation, String user) {
        return decisions.fromMemory(
                tenant,
                new DecisionRequest(
                        operation, "concierge", "web", null, user, null, Map.of("message", 1L), null, false, null));
    }

    public Optional<DecisionResponse> fromMemory(TenantId tenant, UUID operation, Map<String, Long> estimate) {
        return decisions.fromMemory(tenant, request(operation, estimate, true, null));
    }

    private static DecisionRequest request(
            UUID operation, Map<String, Long> estimate, boolean hold, Long minPolicyVersion) {
        return new DecisionRequest(
                operation, "concierge", "web", null, null, null, estimate, null, hold, minPolicyVersion);
    }
}
