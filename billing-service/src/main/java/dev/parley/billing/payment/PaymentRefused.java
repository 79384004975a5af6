package dev.parley.billing.payment;

/** The provider refused; nothing happened. */
public final class PaymentRefused extends RuntimeException {
    /** With what the provider or its client said, for the log only. */
    public PaymentRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
