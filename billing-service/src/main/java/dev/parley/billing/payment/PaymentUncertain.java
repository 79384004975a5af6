package dev.parley.billing.payment;

import org.jspecify.annotations.Nullable;

/** The provider did not answer clearly: what was asked may or may not have happened. */
public final class PaymentUncertain extends RuntimeException {
    /** With what the provider or its client said, for the log only. */
    public PaymentUncertain(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
