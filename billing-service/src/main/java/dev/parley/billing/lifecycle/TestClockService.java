package dev.parley.billing.lifecycle;

import dev.parley.billing.clock.TenantClock;
import dev.parley.billing.payment.PaymentProvider;
import dev.parley.billing.payment.PaymentProviders;
import dev.parley.billing.payment.SubscriptionStatus;
import dev.parley.billing.subscription.SubscriptionService;
import dev.parley.billing.subscription.SubscriptionView;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jdbi.v3.core.Handle;

/** Moves the clock of a tenant, where that is allowed. */
@ApplicationScoped
class TestClockService {
    private static final Duration FARTHEST = Duration.ofDays(3660);

    private final Database database;
    private final TenantClock clock;
    private final SubscriptionService subscriptions;
    private final PaymentProviders providers;
    private final Audit audit;

    TestClockService(
            Database database,
            TenantClock clock,
            SubscriptionService subscriptions,
            PaymentProviders providers,
            Audit audit) {
        this.database = database;
        this.clock = clock;
        this.subscriptions = subscriptions;
        this.providers = providers;
        this.audit = audit;
    }

    /** A problem unless the tenant's clock can be moved to that time. */
    void requireMovable(TenantId tenant, Instant to) {
        if (!clock.isMovable()) {
            throw new Problem(LifecycleProblem.TEST_CLOCK_DISABLED);
        }
        database.useTenant(tenant, handle -> {
            SubscriptionView subscription = subscriptions.get(handle);
            Instant now = clock.now(handle, tenant);
            if (to.isBefore(now) || to.isAfter(clock.ours().plus(FARTHEST))) {
                throw new Problem(LifecycleProblem.TEST_CLOCK_BACKWARD).detail("The tenant's clock shows " + now + ".");
            }
            if (isBoughtInRealTime(handle, subscription)) {
                throw new Problem(LifecycleProblem.TEST_CLOCK_TOO_LATE)
                        .detail("Move the clock before the first checkout: the provider's clock begins with it.");
            }
        });
    }

    private boolean isBoughtInRealTime(Handle handle, SubscriptionView subscription) {
        if (subscription.provider() == null || subscription.status() == SubscriptionStatus.ENDED) {
            return false;
        }
        PaymentProvider provider = providers.named(subscription.provider());
        return provider.clocks().isPresent()
                && clock.atProvider(handle, provider.name()).isEmpty();
    }

    /** Moves the clock, with an audit entry, and returns the tenant's time. */
    Instant move(TenantId tenant, Instant to, Caller admin) {
        return database.inTenant(tenant, handle -> {
            Instant before = clock.now(handle, tenant).truncatedTo(ChronoUnit.SECONDS);
            // Whole seconds, rounded up, so that the clock never stands before the time that was asked for.
            Duration ahead = Duration.between(clock.ours(), to).plusSeconds(1).truncatedTo(ChronoUnit.SECONDS);
            clock.move(handle, tenant, ahead, admin.actor());
            Instant after = clock.now(handle, tenant).truncatedTo(ChronoUnit.SECONDS);
            audit.record(
                    handle,
                    admin,
                    tenant,
                    new AuditEntry("test-clock.move", "test-clock", tenant.toString(), before, after, null));
            return after;
        });
    }
}
