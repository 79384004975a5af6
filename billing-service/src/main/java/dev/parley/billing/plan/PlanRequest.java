package dev.parley.billing.plan;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a platform admin asks a plan to be. Numbers are read without bounds, so that one out of range is a field error
 * and not a body that cannot be read.
 */
record PlanRequest(
        @Nullable String code,
        @Nullable String name,
        @Nullable Price price,
        @Nullable String interval,
        @Nullable BigDecimal credits,
        @Nullable Map<String, @Nullable RateRequest> rates,
        @Nullable Map<String, @Nullable Map<String, @Nullable RateRequest>> agentRates,
        @Nullable List<@Nullable String> agents,
        @Nullable List<@Nullable String> channels,
        @Nullable List<@Nullable String> features,
        @Nullable Map<String, @Nullable BigDecimal> quotas,
        @Nullable OverageRequest overage,
        @Nullable BigDecimal trialDays) {

    record Price(@Nullable BigDecimal amount, @Nullable String currency) {}

    record RateRequest(
            @Nullable BigDecimal credits, @Nullable BigDecimal per) {}

    record OverageRequest(
            @Nullable String mode,
            @Nullable BigDecimal cap,
            @JsonProperty("price_per_1000") @Nullable BigDecimal pricePer1000) {}
}
