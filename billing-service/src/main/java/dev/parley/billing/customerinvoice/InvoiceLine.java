package dev.parley.billing.customerinvoice;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Something that is sold.
 *
 * @param unitAmount what one costs without tax, in minor units
 * @param taxBasisPoints the tax that is added: 1800 is 18 %; none when absent
 */
@RegisterForReflection
record InvoiceLine(
        @NotBlank @Size(max = 300) String description,
        @NotNull @Min(1) @Max(1_000_000) Long quantity,
        @NotNull @Min(0) @Max(1_000_000_000_000L) Long unitAmount,
        @Nullable @Min(0) @Max(10_000) Integer taxBasisPoints) {
    private static final long WHOLE = 10_000;

    long net() {
        return Math.multiplyExact(quantity, unitAmount);
    }

    /** Rounded to the nearest unit, halves up. */
    long tax() {
        return taxBasisPoints == null ? 0 : (Math.multiplyExact(net(), (long) taxBasisPoints) + WHOLE / 2) / WHOLE;
    }
}
