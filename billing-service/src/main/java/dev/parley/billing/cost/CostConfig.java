package dev.parley.billing.cost;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.math.BigDecimal;
import java.util.Map;

/** What models cost. */
@ConfigMapping(prefix = "billing.cost")
public interface CostConfig {
    /** The currency of the prices. */
    @WithDefault("INR")
    String currency();

    /** Prices by {@code provider/model}, or by {@code model} for every provider. */
    Map<String, ModelPrice> models();

    /** How many minor units of another currency one minor unit of ours is worth, by currency; for margins only. */
    Map<String, BigDecimal> exchange();

    /** What a million tokens cost, in minor units. */
    interface ModelPrice {
        /** Tokens that are sent. */
        long input();

        /** Tokens that come back. */
        long output();
    }
}
