package dev.parley.billing.tax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an amount consists of.
 *
 * @param net without taxes, in minor units
 * @param taxes those that it contains; with the net they are the whole amount
 * @param notes what the law wants to be said
 * @param placeOfSupply the GST code of the state in India, or the country
 */
public record TaxedAmount(
        long net,
        List<TaxLine> taxes,
        List<String> notes,
        @Nullable String placeOfSupply) {}
