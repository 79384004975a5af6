package dev.parley.billing.pack;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * What a platform admin asks a pack to be.
 *
 * @param version the version that this shall become, or null for whichever is next
 * @param validDays how long the credits last after the purchase, or null for ever
 */
record CreditPackRequest(
        @NotBlank
        @Size(max = 63)
        @Pattern(
                regexp = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?",
                message = "must consist of lower-case letters, digits and inner hyphens")
        String code,

        @Nullable @Min(1) @Max(1_000_000) Integer version,
        @NotBlank @Size(max = 100) String name,
        @NotNull @Valid Price price,
        @NotNull @Min(1) @Max(1_000_000_000_000L) Long credits,
        @Nullable @Min(1) @Max(3650) Integer validDays) {

    record Price(
            @NotNull @Min(1) @Max(1_000_000_000_000L) Long amount,

            @NotNull @Pattern(regexp = "[A-Z]{3}", message = "must be an ISO 4217 currency code")
            String currency) {}
}
