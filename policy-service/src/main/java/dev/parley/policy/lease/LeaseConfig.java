package dev.parley.policy.lease;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of leases. */
@ConfigMapping(prefix = "policy.lease")
public interface LeaseConfig {
    /** How long a lease lasts unless it is renewed: the longest that a dead replica keeps credits from others. */
    @WithDefault("10S")
    Duration lifetime();

    /** How much before its end a replica stops to serve from a lease, by its own clock. */
    @WithDefault("1S")
    Duration margin();

    /** How often leases are renewed, and idle ones given back; read by the scheduler. */
    @WithDefault("2S")
    String renewalInterval();

    /** How often leases of dead replicas are taken away, and holds that ran out are ended; read by the scheduler. */
    @WithDefault("1S")
    String sweepInterval();

    /** So many holds of a tenant within a second make it worth a lease; below that each hold is a statement. */
    @WithDefault("5")
    int worthAfter();

    /** A lease is at most this part of the credits that are free: what makes it a thing of plenty only. */
    @WithDefault("16")
    int share();

    /** How long a hold near the limit waits for other replicas to give their leases back. */
    @WithDefault("0.05S")
    Duration recallPatience();

    /** The most holds that one replica keeps in memory; further ones are statements. */
    @WithDefault("200000")
    int mostHolds();
}
