package dev.parley.billing.customerinvoice;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who an invoice is made out to.
 *
 * @param address line by line
 * @param taxNumber a GST number or VAT id, printed as it is given
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
record Customer(
        @NotBlank @Size(max = 200) String name,
        @NotBlank @Email @Size(max = 254) String email,
        @Nullable @Size(max = 6) List<@NotBlank @Size(max = 200) String> address,
        @Nullable @Size(max = 30) String taxNumber) {}
