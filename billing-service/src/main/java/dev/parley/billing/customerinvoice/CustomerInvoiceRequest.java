package dev.parley.billing.customerinvoice;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An invoice to draft.
 *
 * @param dueOn when it is to be paid; in two weeks when absent
 * @param note printed below the amounts, or null
 */
record CustomerInvoiceRequest(
        @NotNull @Valid Customer customer,

        @NotNull @Pattern(regexp = "[A-Z]{3}", message = "must be three capital letters")
        String currency,

        @NotEmpty @Size(max = 100) List<@NotNull @Valid InvoiceLine> lines,
        @Nullable LocalDate dueOn,
        @Nullable @Size(max = 1000) String note) {}
