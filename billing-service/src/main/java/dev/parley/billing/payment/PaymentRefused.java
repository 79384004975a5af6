package dev.parley.billing.payment;

/** The provider refused; nothing happened. */
public sealed class PaymentRefused extends RuntimeException permits PaymentDeclined {
    /** With what the provider or its client said, for the log only. */
    public PaymentRefused(String message, Throwable cause) {
        super(message, cause);
    }
}
