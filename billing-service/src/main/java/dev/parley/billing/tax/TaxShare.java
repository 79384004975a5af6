package dev.parley.billing.tax;

import java.math.BigInteger;
import java.util.List;

/** The taxes of a part of an amount that was taxed before. */
public final class TaxShare {
    private TaxShare() {}

    /**
     * What a part of an amount consists of. Each tax has its share of all that was given back up to this part, rounded to
     * the nearest unit, halves up, less its share of what was given back before; the rest is net. So the parts of an
     * amount have together exactly its taxes and its net, however many there are, and equal taxes stay equal.
     *
     * @param whole what was taxed
     * @param before how much of it was given back earlier, in minor units
     * @param part how much of it is given back now
     */
    public static TaxedAmount of(TaxedAmount whole, long before, long part) {
        long gross = gross(whole);
        if (before < 0 || part <= 0 || part > gross - before) {
            throw new IllegalArgumentException("%d after %d of %d".formatted(part, before, gross));
        }
        List<TaxLine> taxes = whole.taxes().stream()
                .map(tax -> new TaxLine(
                        tax.name(),
                        tax.basisPoints(),
                        share(tax.amount(), before + part, gross) - share(tax.amount(), before, gross)))
                .toList();
        long net = part - taxes.stream().mapToLong(TaxLine::amount).sum();
        return new TaxedAmount(net, taxes, whole.notes(), whole.placeOfSupply());
    }

    /** Everything that was taxed, with its taxes. */
    public static long gross(TaxedAmount whole) {
        return whole.net() + whole.taxes().stream().mapToLong(TaxLine::amount).sum();
    }

    private static long share(long tax, long part, long whole) {
        BigInteger twice =
                BigInteger.valueOf(tax).multiply(BigInteger.valueOf(part)).shiftLeft(1);
        BigInteger divisor = BigInteger.valueOf(whole);
        return twice.add(divisor).divide(divisor.shiftLeft(1)).longValueExact();
    }
}
