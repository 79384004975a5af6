package dev.parley.auth.founding;

import dev.parley.auth.outbound.PolicyClient;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/** Lets a new tenant's first answer come when its trial can be used. */
@ApplicationScoped
public class TrialFlow {
    private static final Logger LOG = Logger.getLogger(TrialFlow.class);
    private static final long FIRST_PAUSE_NANOS = 20_000_000;
    private static final long LONGEST_PAUSE_NANOS = 160_000_000;

    private final PolicyClient policy;
    private final FoundingConfig config;
    private final Clock clock;

    TrialFlow(PolicyClient policy, FoundingConfig config, Clock clock) {
        this.policy = policy;
        this.config = config;
        this.clock = clock;
    }

    /** Returns once the trial is usable, or after 2 s by default: billing being down must not fail what was done. */
    public void await(TenantId tenant) {
        Instant giveUp = clock.instant().plus(config.trialPatience());
        long pause = FIRST_PAUSE_NANOS;
        for (Instant now = clock.instant(); now.isBefore(giveUp); now = clock.instant()) {
            if (policy.knows(tenant, Duration.between(now, giveUp))) {
                return;
            }
            LockSupport.parkNanos(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
        }
        LOG.warnf("the trial of tenant %s was not usable in time", tenant);
    }
}
