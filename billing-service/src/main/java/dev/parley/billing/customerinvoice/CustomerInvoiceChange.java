package dev.parley.billing.customerinvoice;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to change of a draft; members that are absent stay. */
record CustomerInvoiceChange(
        @Nullable @Valid Customer customer,

        @Nullable @Pattern(regexp = "[A-Z]{3}", message = "must be three capital letters")
        String currency,

        @Nullable @Size(min = 1, max = 100) List<@NotNull @Valid InvoiceLine> lines,
        @Nullable LocalDate dueOn,
        @Nullable @Size(max = 1000) String note) {}
