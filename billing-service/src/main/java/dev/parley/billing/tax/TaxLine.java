package dev.parley.billing.tax;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * One tax in an amount.
 *
 * @param basisPoints its rate: 900 is 9 %
 * @param amount in minor units
 */
@RegisterForReflection
public record TaxLine(String name, int basisPoints, long amount) {}
