package dev.parley.billing.payment.razorpay;

import dev.parley.billing.clock.TenantClock;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Keeps the wishes to end with a period until Razorpay is told, because Razorpay can neither tell nor forget them. */
@ApplicationScoped
class EndingService {
    private final Database database;
    private final EndingRepository endings;
    private final RazorpayConfig config;
    private final TenantClock clock;

    EndingService(Database database, EndingRepository endings, RazorpayConfig config, TenantClock clock) {
        this.database = database;
        this.endings = endings;
        this.config = config;
        this.clock = clock;
    }

    /** Notes that a subscription shall end at that time, and returns the wish. */
    Ending wish(TenantId tenant, String subscriptionId, Instant endsAt) {
        return database.inTenant(tenant, handle -> {
            Instant tellAt = clock.inOurTime(handle, endsAt.minus(config.endingLead()));
            endings.wish(handle, tenant, subscriptionId, endsAt, tellAt);
            return endings.find(handle, subscriptionId).orElseThrow();
        });
    }

    /** Notes that Razorpay is being told; false when it knows, or the wish was taken back. */
    boolean telling(Ending ending) {
        return database.inTenant(ending.tenant(), handle -> endings.telling(handle, ending.subscriptionId()));
    }

    /** Takes a wish back; false when Razorpay knows it already, or may. */
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
        return isDue(ending, now(ending.tenant()));
    }

    /** Whether it would be time to tell Razorpay, at that time of the tenant. */
    boolean isDue(Ending ending, Instant at) {
        return !ending.told() && !ending.endsAt().minus(config.endingLead()).isAfter(at);
    }

    /** Whether the period with which the subscription was to end is over. */
    boolean isOver(Ending ending) {
        return !ending.endsAt().isAfter(now(ending.tenant()));
    }

    private Instant now(TenantId tenant) {
        return database.inTenant(tenant, handle -> clock.now(handle, tenant));
    }

    /** Claims up to 20 wishes that Razorpay is to be told of. */
    List<Ending> claimDue() {
        return database.acrossTenants(relay -> endings.claimDue(relay, clock.ours(), 20));
    }
}
