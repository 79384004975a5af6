package dev.parley.billing.tax;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who sells: the company that runs this installation. */
@ConfigMapping(prefix = "billing.seller")
public interface SellerConfig {
    /** Its legal name. */
    @WithDefault("Parley")
    String name();

    /** Its address, line by line. */
    Optional<List<String>> address();

    /** Its country, in two capital letters. */
    @WithDefault("IN")
    String country();

    /** Its GST number; without one no GST is charged. */
    Optional<String> gstin();

    /** Its VAT id, if it has one. */
    Optional<String> vatId();

    /** The rate of GST on its services, in percent. */
    @WithDefault("18")
    int gstPercent();

    /** The rates of VAT, in percent, of the countries where it charges VAT to those without a VAT id. */
    Map<String, Integer> vatPercent();
}
