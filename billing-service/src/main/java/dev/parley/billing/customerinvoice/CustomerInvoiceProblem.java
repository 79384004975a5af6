package dev.parley.billing.customerinvoice;

import dev.parley.platform.problem.ProblemType;

/** What can be wrong with an invoice to a customer. */
public enum CustomerInvoiceProblem implements ProblemType {
    /** The tenant has no such invoice. */
    CUSTOMER_INVOICE_NOT_FOUND(404, "There is no such customer invoice"),
    /** It is issued, so it stays as it is. */
    CUSTOMER_INVOICE_ISSUED(409, "The customer invoice is issued"),
    /** It is a draft, or was paid or voided. */
    CUSTOMER_INVOICE_NOT_OPEN(409, "The customer invoice is not open"),
    /** The tenant has no billing profile to issue it by. */
    SELLER_UNKNOWN(409, "Your billing profile is needed first");

    private final int status;
    private final String title;

    CustomerInvoiceProblem(int status, String title) {
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
