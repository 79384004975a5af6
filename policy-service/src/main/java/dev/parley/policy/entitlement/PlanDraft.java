package dev.parley.policy.entitlement;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.rating.Rate;
import dev.parley.policy.text.Storable;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A plan that is not published yet: the body that billing would publish it from, of which name, price (that of overage
 * too), interval and trial decide nothing here.
 */
@RegisterForReflection
public record PlanDraft(
        @NotBlank @Storable @Size(max = 64) String code,
        @Nullable JsonNode name,
        @Nullable JsonNode price,
        @Nullable JsonNode interval,
        @Nullable @Min(0) Long credits,
        @Nullable Map<String, @NotNull @Valid Price> rates,
        @Nullable Map<String, @NotNull Map<String, @NotNull @Valid Price>> agentRates,
        @NotNull Set<@NotBlank String> agents,
        @NotNull Set<@NotBlank String> channels,
        @Nullable Set<@NotBlank String> features,
        @Nullable Map<String, @NotNull @Min(0) Long> quotas,
        @JsonIgnoreProperties("price_per_1000") SubscriptionChanged.@Nullable Mode overage,
        @Nullable JsonNode trialDays) {

    /** A price, per one unit where it does not say. */
    public record Price(
            @NotNull @Min(0) Long credits, @Nullable @Min(1) Long per) {
        Rate rate() {
            return new Rate(credits, per == null ? 1 : per);
        }
    }

    /** The terms of its subscribers; throws {@link IllegalArgumentException} when a member is out of range. */
    public Terms terms() {
        return new SubscriptionChanged(
                        1,
                        "active",
                        code,
                        0,
                        null,
                        null,
                        new SubscriptionChanged.Granted(
                                agents,
                                channels,
                                rates(rates),
                                ratesByAgent(),
                                features,
                                quotas,
                                cappedOverage(),
                                credits))
                .terms(0, false);
    }

    /** A hard cap always exists: without one it is the plan's own credits, as billing publishes it. */
    private SubscriptionChanged.@Nullable Mode cappedOverage() {
        return overage == null || overage.cap() != null
                ? overage
                : new SubscriptionChanged.Mode(overage.mode(), credits == null ? 0L : credits);
    }

    private Map<String, Map<String, Rate>> ratesByAgent() {
        Map<String, Map<String, Rate>> compiled = new HashMap<>();
        if (agentRates != null) {
            agentRates.forEach((agent, own) -> compiled.put(agent, rates(own)));
        }
        return compiled;
    }

    private static Map<String, Rate> rates(@Nullable Map<String, Price> prices) {
        Map<String, Rate> compiled = new HashMap<>();
        if (prices != null) {
            prices.forEach((meter, price) -> compiled.put(meter, price.rate()));
        }
        return compiled;
    }
}
