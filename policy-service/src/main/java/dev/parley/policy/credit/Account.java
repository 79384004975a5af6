package dev.parley.policy.credit;

import dev.parley.policy.engine.Standing;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The balance of a tenant.
 *
 * @param policyVersion grows with every change of the tenant's terms
 * @param standing what people see: held by operations, whether their hold is a row or served from a lease
 * @param leased credits that replicas have set aside
 * @param served credits of {@code leased} that operations hold
 * @param recallable whether replicas may have credits set aside that nobody holds
 * @param drawn credits spent that were not taken from a lot yet
 */
public record Account(
        long policyVersion,
        Standing standing,
        long leased,
        long served,
        boolean recallable,
        long drawn,
        @Nullable Instant periodEnd) {
    static final Account NONE = new Account(0, Standing.EMPTY, 0, 0, false, 0, null);

    /** The standing for a decision: what is set aside is not to be had, served or not. */
    public Standing committed() {
        return new Standing(
                standing.granted(), standing.available(), standing.held() - served + leased, standing.counters());
    }
}
