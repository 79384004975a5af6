package dev.parley.channel.webhookdelivery;

import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;

/**
 * The right to serve an endpoint's queue; the fence shuts out whoever had it before.
 *
 * @param failures how many attempts in a row the endpoint has not taken
 */
record Lease(TenantId tenant, UUID endpoint, long fence, int failures) {
    /** From so many failures on it is doubted that the endpoint takes anything; an index knows this number too. */
    static final int IN_DOUBT = 3;

    /** Whether the endpoint is served among those that take nothing. */
    boolean doubtful() {
        return failures >= IN_DOUBT;
    }
}
