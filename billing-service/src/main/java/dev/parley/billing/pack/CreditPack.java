package dev.parley.billing.pack;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.billing.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * One version of a pack of credits that is bought once, on top of a plan; it never changes. This is also how the API
 * shows it.
 *
 * @param validDays how long the credits last after the purchase, or null for ever
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CreditPack(
        String code,
        int version,
        String name,
        Money price,
        long credits,
        @Nullable Integer validDays) {}
