package dev.parley.billing.profile;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Whom invoices are made out to; also how the API shows it and takes it.
 *
 * @param country two capital letters (ISO 3166)
 * @param vatId the VAT id of a business in the EU, with its country's letters, or null
 * @param gstin the GST number of a business in India, or null
 * @param email where invoices and warnings go
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record BillingProfile(
        @NotBlank @Size(max = 200) String name,
        @NotNull @Valid Address address,

        @NotNull @Pattern(regexp = "[A-Z]{2}", message = "must be two capital letters")
        String country,

        @Nullable @Size(max = 20) String vatId,
        @Nullable @Size(max = 15) String gstin,
        @NotBlank @Email @Size(max = 254) String email) {

    /** The same without what surrounds it. */
    BillingProfile tidied() {
        return new BillingProfile(
                name.strip(),
                address,
                country,
                vatId == null || vatId.isBlank() ? null : VatId.tidied(vatId),
                gstin == null || gstin.isBlank() ? null : gstin.strip(),
                email.strip());
    }
}
