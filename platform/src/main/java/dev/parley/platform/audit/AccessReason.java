package dev.parley.platform.audit;

import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Why a member of Parley's staff looks at a tenant, in words that the tenant will read.
 *
 * @param ticket the support case behind it, or null
 */
public record AccessReason(String reason, @Nullable String ticket) {
    /** The request header with the reason. */
    public static final String REASON_HEADER = "X-Access-Reason";

    /** The request header with the support case. */
    public static final String TICKET_HEADER = "X-Access-Ticket";

    private static final int LONGEST_REASON = 1000;
    private static final int LONGEST_TICKET = 200;

    /** Reads the two headers; a 400 problem without a reason, or when one is too long. */
    public static AccessReason of(@Nullable String reason, @Nullable String ticket) {
        if (reason == null || reason.isBlank()) {
            throw new Problem(CommonProblem.ACCESS_REASON_REQUIRED);
        }
        if (reason.length() > LONGEST_REASON || ticket != null && ticket.length() > LONGEST_TICKET) {
            throw new Problem(CommonProblem.BAD_REQUEST)
                    .detail("%s may have %d characters, %s %d"
                            .formatted(REASON_HEADER, LONGEST_REASON, TICKET_HEADER, LONGEST_TICKET));
        }
        return new AccessReason(reason.strip(), ticket == null || ticket.isBlank() ? null : ticket.strip());
    }
}
