package dev.parley.policy.credit;

import dev.parley.policy.engine.Standing;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The balance of a tenant.
 *
 * @param policyVersion grows with every change of the tenant's terms
 * @param drawn credits spent that were not taken from a lot yet
 */
public record Account(
        long policyVersion,
        Standing standing,
        long drawn,
        @Nullable Instant periodEnd) {
    static final Account NONE = new Account(0, Standing.EMPTY, 0, null);
}
