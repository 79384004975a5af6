package dev.parley.billing.pack;

import dev.parley.platform.problem.ProblemType;

/** What can be wrong with a credit pack. */
public enum CreditPackProblem implements ProblemType {
    /** A request names a pack that does not exist. */
    CREDIT_PACK_UNKNOWN(422, "The credit pack does not exist"),
    /** A version of the pack was published in between, or is skipped. */
    CREDIT_PACK_VERSION_CONFLICT(409, "That is not the next version of the credit pack");

    private final int status;
    private final String title;

    CreditPackProblem(int status, String title) {
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
