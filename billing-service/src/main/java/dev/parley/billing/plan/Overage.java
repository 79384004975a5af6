package dev.parley.billing.plan;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What happens when credits are used up.
 *
 * @param cap the most credits that may be used beyond the balance; null when the mode is block
 * @param pricePer1000 what a thousand credits of overage cost, in minor units of the plan's currency, where they are
 *     charged; null for the plan's own price of a credit
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Overage(
        OverageMode mode,
        @Nullable Long cap,
        @JsonProperty("price_per_1000") @Nullable Long pricePer1000) {

    /** Overage that is not charged, or at the plan's own price of a credit. */
    public Overage(OverageMode mode, @Nullable Long cap) {
        this(mode, cap, null);
    }

    /** Whether it is charged in money. */
    @JsonIgnore
    public boolean isCharged() {
        return mode == OverageMode.CHARGE_UP_TO_CAP;
    }

    /** How far it goes, without what it costs: all that decides about usage. */
    public Overage withoutPrice() {
        return new Overage(mode, cap);
    }
}
