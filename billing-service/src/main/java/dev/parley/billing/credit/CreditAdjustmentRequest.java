package dev.parley.billing.credit;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

/** Credits to grant by hand. A deduction is refused: a lot ends by closing, and usage is never rewritten. */
record CreditAdjustmentRequest(
        @NotNull @Min(1) @Max(1_000_000_000L) Long credits,
        @NotBlank @Size(max = 500) String reason) {}
