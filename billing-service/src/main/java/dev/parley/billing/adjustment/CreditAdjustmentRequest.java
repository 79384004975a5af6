package dev.parley.billing.adjustment;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

/**
 * Credits to grant, or to take back from what is unspent when below zero.
 */
record CreditAdjustmentRequest(
        @NotNull @Min(-1_000_000_000L) @Max(1_000_000_000L) Long credits,
        @NotBlank @Size(max = 500) String reason) {

    @AssertTrue(message = "must not be zero")
    boolean isCreditsGiven() {
        return credits == null || credits != 0;
    }
}
