package dev.parley.billing.money;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * An amount of money.
 *
 * @param amount in minor units of the currency, for example paise or cents
 * @param currency ISO 4217 code in upper case
 */
public record Money(long amount, String currency) {
    /** Whether nothing is to be paid. */
    @JsonIgnore
    public boolean isZero() {
        return amount == 0;
    }
}
