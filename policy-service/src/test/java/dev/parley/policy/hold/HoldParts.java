package dev.parley.policy.hold;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.data.Database;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.credit.CreditService;
import dev.parley.policy.entitlement.EntitlementService;
import dev.parley.policy.lease.LeaseService;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** Makes the feature without a container, and opens it for tests of other packages. */
public final class HoldParts {
    public static final Duration LIFETIME = Duration.ofMinutes(3);
    public static final Duration UNKNOWN_PATIENCE = Duration.ofSeconds(10);

    private HoldParts() {}

    public static HoldService service(
            Database database,
            ObjectMapper mapper,
            CreditService credits,
            EntitlementService entitlements,
            LeaseService leases,
            Outbox outbox,
            MeterRegistry metrics) {
        HoldConfig config = new HoldConfig() {
            @Override
            public Duration lifetime() {
                return LIFETIME;
            }

            @Override
            public String sweepInterval() {
                return "off";
            }

            @Override
            public Duration unknownPatience() {
                return UNKNOWN_PATIENCE;
            }

            @Override
            public Duration callerPatience() {
                return Duration.ZERO;
            }

            @Override
            public int rememberedSettlements() {
                return 1000;
            }
        };
        return new HoldService(
                database,
                new HoldRepository(mapper),
                credits,
                entitlements,
                leases,
                outbox,
                config,
                Clock.systemUTC(),
                metrics);
    }

    public static SettlementResponse settle(
            HoldService holds, TenantId tenant, UUID operation, Map<String, Long> used, String hold) {
        return holds.settle(
                tenant, operation, new SettlementRequest(used, false, "concierge", "web", null, null, null, hold));
    }

    public static void settleMissed(
            HoldService holds, TenantId tenant, UUID operation, Map<String, Long> used, Instant usedAt) {
        settleMissed(holds, tenant, operation, used, usedAt, null);
    }

    public static void settleMissed(
            HoldService holds, TenantId tenant, UUID operation, Map<String, Long> used, Instant usedAt, String hold) {
        holds.settleMissed(
                tenant,
                operation,
                new SettlementRequest(used, true, "concierge", "web", null, null, null, hold),
                usedAt);
    }

    public static void release(HoldService holds, TenantId tenant, UUID operation, String hold) {
        holds.release(tenant, operation, new ReleaseRequest("test", hold));
    }

    public static void expire(HoldService holds, TenantId tenant) {
        holds.expireInMemory();
        holds.expireDue(tenant, Instant.EPOCH);
    }

    public static void handOver(HoldService holds) {
        holds.handOver();
    }
}
