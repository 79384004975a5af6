package dev.parley.billing.invoice;

import dev.parley.platform.problem.ProblemType;

/** What can be wrong with an invoice. */
public enum InvoiceProblem implements ProblemType {
    /** The tenant has no such invoice. */
    INVOICE_NOT_FOUND(404, "There is no such invoice"),
    /** It has no number: it is a draft, or over nothing. */
    INVOICE_NOT_ISSUED(409, "The invoice is not issued"),
    /** Nobody is known to send it to. */
    NO_BILLING_CONTACT(409, "There is nobody to send it to");

    private final int status;
    private final String title;

    InvoiceProblem(int status, String title) {
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
