package dev.parley.billing.tax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class TaxShareTest {
    private static final TaxedAmount GST = new TaxedAmount(
            423_644,
            List.of(new TaxLine("CGST", 900, 38_128), new TaxLine("SGST", 900, 38_128)),
            List.of("a note"),
            "29");

    private static TaxedAmount taxed(long gross, int percent, boolean halves) {
        long tax = gross * percent / (100 + percent);
        List<TaxLine> taxes = halves
                ? List.of(new TaxLine("CGST", percent * 50, tax / 2), new TaxLine("SGST", percent * 50, tax / 2))
                : List.of(new TaxLine("IGST", percent * 100, tax));
        return new TaxedAmount(gross - (halves ? tax / 2 * 2 : tax), taxes, List.of(), null);
    }

    private static long taxes(TaxedAmount amount) {
        return amount.taxes().stream().mapToLong(TaxLine::amount).sum();
    }

    @Example
    void halfOfAnInvoiceHasHalfOfItsTaxes() {
        TaxedAmount half = TaxShare.of(GST, 0, 249_950);

        assertThat(half.net()).isEqualTo(211_822);
        assertThat(half.taxes()).containsExactly(new TaxLine("CGST", 900, 19_064), new TaxLine("SGST", 900, 19_064));
        assertThat(half.notes()).containsExactly("a note");
        assertThat(half.placeOfSupply()).isEqualTo("29");
        assertThat(TaxShare.of(GST, 0, 499_900)).isEqualTo(GST);
    }

    @Example
    void nothingAndMoreThanIsLeftHaveNoShare() {
        assertThatThrownBy(() -> TaxShare.of(GST, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TaxShare.of(GST, 1, 499_900)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TaxShare.of(GST, -1, 5)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void onePartIsNeverMoreTaxThanMoneyAndEqualTaxesStayEqual(
            @ForAll @LongRange(min = 1, max = 1_000_000_000_000L) long gross,
            @ForAll @LongRange(min = 1, max = 1_000_000) long millionths,
            @ForAll @IntRange(min = 1, max = 28) int percent,
            @ForAll boolean halves) {
        long part = Math.max(1, Math.floorDiv(gross, 1_000_000) * millionths);
        TaxedAmount share = TaxShare.of(taxed(gross, percent, halves), 0, Math.min(part, gross));

        assertThat(share.net()).isNotNegative();
        assertThat(share.taxes()).allSatisfy(tax -> assertThat(tax.amount()).isNotNegative());
        assertThat(share.net() + taxes(share)).isEqualTo(Math.min(part, gross));
        assertThat(share.taxes().stream().map(TaxLine::amount).distinct()).hasSize(1);
    }

    @Property
    void allPartsTogetherAreTheWhole(
            @ForAll @Size(min = 1, max = 12) List<@LongRange(min = 1, max = 100_000_000) Long> parts,
            @ForAll @IntRange(min = 1, max = 28) int percent,
            @ForAll boolean halves) {
        TaxedAmount whole = taxed(parts.stream().mapToLong(Long::longValue).sum(), percent, halves);
        long before = 0;
        long net = 0;
        long[] taxes = new long[whole.taxes().size()];
        for (long part : parts) {
            TaxedAmount share = TaxShare.of(whole, before, part);
            before += part;
            net += share.net();
            for (int i = 0; i < taxes.length; i++) {
                taxes[i] += share.taxes().get(i).amount();
            }
        }

        assertThat(net).isEqualTo(whole.net());
        for (int i = 0; i < taxes.length; i++) {
            assertThat(taxes[i]).isEqualTo(whole.taxes().get(i).amount());
        }
    }
}
