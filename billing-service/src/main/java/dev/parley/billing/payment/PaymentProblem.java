package dev.parley.billing.payment;

import dev.parley.platform.problem.ProblemType;

/** What can go wrong with a payment provider. */
public enum PaymentProblem implements ProblemType {
    /** The provider is not installed. */
    PAYMENT_PROVIDER_UNKNOWN(422, "The payment provider is not available"),
    /** The provider refused. */
    PAYMENT_PROVIDER_REFUSED(502, "The payment provider refused the request"),
    /** The customer's card was declined; nothing changed. */
    PAYMENT_DECLINED(402, "The payment was declined"),
    /** The provider did not answer; what was asked is checked later. */
    PAYMENT_PROVIDER_UNREACHABLE(503, "The payment provider did not answer"),
    /** The webhook's signature is missing, wrong, too old or in the future. */
    WEBHOOK_REFUSED(403, "The webhook is not accepted");

    private final int status;
    private final String title;

    PaymentProblem(int status, String title) {
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
