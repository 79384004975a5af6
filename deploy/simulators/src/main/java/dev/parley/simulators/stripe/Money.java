package dev.parley.simulators.stripe;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.Locale;

/** Amounts in minor units, for people. */
final class Money {

    private Money() {}

    /** Such as {@code INR 4,999.00}. */
    static String format(long minorUnits, String currency) {
        String code = currency.toUpperCase(Locale.ROOT);
        int digits;
        try {
            digits = Math.max(0, Currency.getInstance(code).getDefaultFractionDigits());
        } catch (IllegalArgumentException unknown) {
            digits = 2;
        }
        return String.format(Locale.ROOT, "%s %,." + digits + "f", code, BigDecimal.valueOf(minorUnits, digits));
    }
}
