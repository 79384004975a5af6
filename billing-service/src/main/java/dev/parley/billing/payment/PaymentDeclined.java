package dev.parley.billing.payment;

/** The customer's means of payment was declined; nothing happened. */
public final class PaymentDeclined extends PaymentRefused {
    /** With what the provider or its client said, for the log only. */
    public PaymentDeclined(String message, Throwable cause) {
        super(message, cause);
    }
}
