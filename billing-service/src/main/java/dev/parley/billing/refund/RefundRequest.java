package dev.parley.billing.refund;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a platform admin wants to give back: what is unspent of a lot, named by itself or by the invoice that paid it. */
record RefundRequest(
        @Nullable UUID invoiceId,
        @Nullable UUID lotId,
        @NotBlank @Size(max = 500) String reason) {}
