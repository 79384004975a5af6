package dev.parley.billing.refund;

import dev.parley.platform.problem.ProblemType;

/** What can stand in the way of a refund. */
public enum RefundProblem implements ProblemType {
    /** The tenant has no such lot, or the invoice paid for none. */
    REFUND_LOT_NOT_FOUND(404, "There are no such credits"),
    /** Nobody paid for the lot. */
    REFUND_NOTHING_PAID(409, "The credits were not paid for"),
    /** An upgrade within the same period was priced on top of the lot. */
    REFUND_UPGRADE_FIRST(409, "The upgrade must be refunded first"),
    /** The lot has ended: what was unspent is gone. */
    REFUND_LOT_ENDED(409, "The credits have ended");

    private final int status;
    private final String title;

    RefundProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
