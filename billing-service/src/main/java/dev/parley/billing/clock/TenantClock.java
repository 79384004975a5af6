package dev.parley.billing.clock;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * What time it is for a tenant. Everything that is promised to a customer for a time (trials, periods, grace, credits)
 * asks here; signatures, leases and retries go by our own clock.
 */
@ApplicationScoped
public class TenantClock {
    private final Clock clock;
    private final TenantClockRepository clocks;
    private final boolean enabled;

    TenantClock(Clock clock, TenantClockRepository clocks, TestClockConfig config) {
        this.clock = clock;
        this.clocks = clocks;
        this.enabled = config.enabled();
    }

    /** Whether tenants' clocks can be moved in this installation. */
    public boolean isMovable() {
        return enabled;
    }

    /** The tenant's time. */
    public Instant now(Handle handle, TenantId tenant) {
        return ours().plus(ahead(handle));
    }

    /** Our own time, which is the time of every tenant whose clock was not moved. */
    public Instant ours() {
        return clock.instant();
    }

    /** When the tenant's clock will show that time, in our time. */
    public Instant inOurTime(Handle handle, Instant theirs) {
        return theirs.minus(ahead(handle));
    }

    /** How far the clock of the handle's tenant is ahead of ours. */
    public Duration ahead(Handle handle) {
        return enabled ? clocks.ahead(handle).orElse(Duration.ZERO) : Duration.ZERO;
    }

    /** Whether the tenant has a clock of its own. */
    public boolean isMoved(Handle handle) {
        return enabled && clocks.ahead(handle).isPresent();
    }

    /** Sets how far the tenant's clock is ahead, with all that the sweepers wait for. */
    public void move(Handle handle, TenantId tenant, Duration ahead, String actor) {
        Duration by = ahead.minus(ahead(handle));
        clocks.save(handle, tenant, ahead, actor);
        clocks.bringForward(handle, by);
    }

    /** The tenant's clock at a payment provider. */
    public Optional<String> atProvider(Handle handle, String provider) {
        return enabled ? clocks.atProvider(handle, provider) : Optional.empty();
    }

    /** Notes the tenant's clock at a payment provider; the first one stays. */
    public void keepAtProvider(Handle handle, TenantId tenant, String provider, String clockId) {
        clocks.saveAtProvider(handle, tenant, provider, clockId);
    }
}
