package dev.parley.billing.payment.razorpay;

import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Keeps the wishes to end with a period until Razorpay is told, because Razorpay can neither tell nor forget them. */
@ApplicationScoped
class EndingService {
    private final Database database;
    private final EndingRepository endings;
    private final RazorpayConfig config;
    private final Clock clock;

    EndingService(Database database, EndingRepository endings, RazorpayConfig config, Clock clock) {
        this.database = database;
        this.endings = endings;
        this.config = config;
        this.clock = clock;
    }

    /** Notes that a subscription shall end at that time, and returns the wish. */
    Ending wish(TenantId tenant, String subscriptionId, Instant endsAt) {
        return database.inTenant(tenant, handle -> {
            endings.wish(handle, tenant, subscriptionId, endsAt, endsAt.minus(config.endingLead()));
            return endings.find(handle, subscriptionId).orElseThrow();
        });
    }

    /** Takes a wish back; false when Razorpay knows it already. */
    boolean withdraw(TenantId tenant, String subscriptionId) {
        return database.inTenant(tenant, handle -> {
            endings.withdraw(handle, subscriptionId);
            return endings.find(handle, subscriptionId).isEmpty();
        });
    }

    Optional<Ending> find(TenantId tenant, String subscriptionId) {
        return database.inTenant(tenant, handle -> endings.find(handle, subscriptionId));
    }

    /** Notes that Razorpay knows. */
    void told(Ending ending) {
        database.useTenant(ending.tenant(), handle -> endings.told(handle, ending.subscriptionId()));
    }

    /** Whether it is time to tell Razorpay. */
    boolean isDue(Ending ending) {
        return !ending.told() && !ending.endsAt().minus(config.endingLead()).isAfter(clock.instant());
    }

    /** Claims up to 20 wishes that Razorpay is to be told of. */
    List<Ending> claimDue() {
        return database.acrossTenants(relay -> endings.claimDue(relay, clock.instant(), 20));
    }
}
