package dev.parley.billing.invoice;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.parley.billing.tax.Seller;
import dev.parley.billing.tax.TaxLine;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One invoice with everything that is printed on it.
 *
 * @param corrects the invoice that a credit note corrects; null for an invoice
 * @param seller and buyer as they were when it was issued; null for one that was not issued
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record InvoiceDetail(
        @JsonUnwrapped Invoice invoice,
        @Nullable Corrected corrects,
        @Nullable Seller seller,
        @Nullable Buyer buyer,
        List<Line> lines,
        @Nullable Long net,
        List<TaxLine> taxes,
        List<String> notes,
        @Nullable String placeOfSupply) {

    /** An invoice that a credit note refers to. */
    @RegisterForReflection
    record Corrected(UUID id, @Nullable String number, Instant issuedAt) {}

    /**
     * What was sold.
     *
     * @param hsn its code in the Indian nomenclature
     * @param net without taxes, in minor units
     */
    record Line(String description, String hsn, Instant periodStart, Instant periodEnd, long net) {}
}
