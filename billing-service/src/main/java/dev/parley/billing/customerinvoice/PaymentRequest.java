package dev.parley.billing.customerinvoice;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When it was paid; now when absent. */
record PaymentRequest(@Nullable Instant paidAt) {}
