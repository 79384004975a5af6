package dev.parley.billing.plan;

import dev.parley.billing.money.Money;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns a request into a plan, or names every field that is wrong. */
final class PlanRules {
    /** Bounds every amount of credits and money, so that sums over a tenant's life stay far below 2^63. */
    static final long MAX_AMOUNT = 1_000_000_000_000L;

    private static final int MAX_ITEMS = 500;
    private static final Pattern SLUG = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern METER = Pattern.compile("[a-z][a-z0-9_.]{0,62}");

    private final List<FieldError> errors = new ArrayList<>();

    private PlanRules() {}

    record FieldError(String pointer, String detail) {}

    /** Returns the plan as version 0; raises a 422 problem whose {@code errors} name each wrong field. */
    static Plan check(PlanRequest request) {
        PlanRules rules = new PlanRules();
        Plan plan = rules.plan(request);
        rules.raise();
        return plan;
    }

    /** Returns the slugs without repetitions; raises a 422 problem when one is not a slug. */
    static List<String> checkAgents(@Nullable List<@Nullable String> agents) {
        PlanRules rules = new PlanRules();
        List<String> slugs = rules.slugs("", agents);
        rules.raise();
        return slugs;
    }

    private void raise() {
        if (!errors.isEmpty()) {
            throw new Problem(CommonProblem.VALIDATION_FAILED).with("errors", List.copyOf(errors));
        }
    }

    private Plan plan(PlanRequest request) {
        String code = text("/code", request.code(), 64);
        if (!code.isEmpty()) {
            slug("/code", code);
        }
        long credits = whole("/credits", request.credits(), 0, MAX_AMOUNT, null);
        Money price = price(request.price());
        return new Plan(
                code,
                0,
                text("/name", request.name(), 100),
                price,
                interval(request.interval()),
                credits,
                rates("/rates", request.rates()),
                agentRates(request.agentRates()),
                slugs("/agents", request.agents()),
                slugs("/channels", request.channels()),
                features(request.features()),
                quotas(request.quotas()),
                overage(request.overage(), credits, price),
                (int) whole("/trial_days", request.trialDays(), 0, 365, 0L));
    }

    private String text(String pointer, @Nullable String value, int max) {
        if (value == null || value.isBlank()) {
            error(pointer, "must not be empty");
            return "";
        }
        if (value.length() > max) {
            error(pointer, "must have at most " + max + " characters");
        }
        return value;
    }

    private Money price(PlanRequest.@Nullable Price price) {
        if (price == null) {
            error("/price", "must be given");
            return new Money(0, "XXX");
        }
        return new Money(whole("/price/amount", price.amount(), 0, MAX_AMOUNT, null), currency(price.currency()));
    }

    private String currency(@Nullable String code) {
        boolean known = code != null
                && Currency.getAvailableCurrencies().stream()
                        .anyMatch(currency ->
                                currency.getCurrencyCode().equals(code) && currency.getDefaultFractionDigits() >= 0);
        if (!known) {
            error("/price/currency", "must be an ISO 4217 currency code");
        }
        return known ? code : "XXX";
    }

    private BillingInterval interval(@Nullable String name) {
        if (name == null) {
            return BillingInterval.MONTH;
        }
        return BillingInterval.find(name).orElseGet(() -> {
            error("/interval", "must be month or year");
            return BillingInterval.MONTH;
        });
    }

    private Map<String, Map<String, Rate>> agentRates(
            @Nullable Map<String, @Nullable Map<String, PlanRequest.@Nullable RateRequest>> byAgent) {
        Map<String, Map<String, Rate>> checked = new LinkedHashMap<>();
        if (byAgent == null) {
            return checked;
        }
        bounded("/agent_rates", byAgent.size());
        byAgent.forEach((agent, rates) -> {
            String pointer = "/agent_rates/" + escape(agent);
            slug(pointer, agent);
            if (rates == null) {
                error(pointer, "must be given");
                return;
            }
            checked.put(agent, rates(pointer, rates));
        });
        return checked;
    }

    private List<String> features(@Nullable List<@Nullable String> features) {
        if (features == null) {
            return List.of();
        }
        bounded("/features", features.size());
        for (int i = 0; i < features.size(); i++) {
            meter("/features/" + i, String.valueOf(features.get(i)));
            if (features.get(i) == null) {
                error("/features/" + i, "must be given");
            }
        }
        return features.stream().map(String::valueOf).distinct().toList();
    }

    private Map<String, Rate> rates(String of, @Nullable Map<String, PlanRequest.@Nullable RateRequest> rates) {
        Map<String, Rate> checked = new LinkedHashMap<>();
        if (rates == null) {
            return checked;
        }
        bounded(of, rates.size());
        rates.forEach((meter, rate) -> {
            String pointer = of + "/" + escape(meter);
            meter(pointer, meter);
            if (rate == null) {
                error(pointer, "must be given");
                return;
            }
            checked.put(
                    meter,
                    new Rate(
                            whole(pointer + "/credits", rate.credits(), 0, 1_000_000_000L, null),
                            whole(pointer + "/per", rate.per(), 1, 1_000_000_000L, 1L)));
        });
        return checked;
    }

    private Map<String, Long> quotas(@Nullable Map<String, @Nullable BigDecimal> quotas) {
        Map<String, Long> checked = new LinkedHashMap<>();
        if (quotas == null) {
            return checked;
        }
        bounded("/quotas", quotas.size());
        quotas.forEach((kind, limit) -> {
            String pointer = "/quotas/" + escape(kind);
            meter(pointer, kind);
            checked.put(kind, whole(pointer, limit, 0, MAX_AMOUNT, null));
        });
        return checked;
    }

    private Overage overage(PlanRequest.@Nullable OverageRequest overage, long credits, Money price) {
        if (overage == null) {
            return new Overage(OverageMode.BLOCK, null);
        }
        OverageMode mode = OverageMode.find(String.valueOf(overage.mode())).orElseGet(() -> {
            error("/overage/mode", "must be block, charge_up_to_cap or carry_debt_to_next_cycle");
            return OverageMode.BLOCK;
        });
        // A hard cap always exists: without one it is the plan's own credits.
        long cap = whole("/overage/cap", overage.cap(), 0, MAX_AMOUNT, credits);
        if (mode != OverageMode.CHARGE_UP_TO_CAP) {
            if (overage.pricePer1000() != null) {
                error("/overage/price_per_1000", "only overage that is charged has a price");
            }
            return new Overage(mode, mode == OverageMode.BLOCK ? null : (Long) cap);
        }
        Long own = overage.pricePer1000() == null
                ? null
                : (Long) whole("/overage/price_per_1000", overage.pricePer1000(), 1, MAX_AMOUNT, null);
        Overage charged = new Overage(mode, cap, own);
        if (isWrong("/price") || isWrong("/credits")) {
            return charged;
        }
        OverageRate.of(charged, price, credits)
                .ifPresentOrElse(
                        rate -> {
                            if (cap > 0 && rate.costOf(cap).compareTo(BigInteger.valueOf(MAX_AMOUNT)) > 0) {
                                error("/overage/cap", "would cost more than " + MAX_AMOUNT);
                            }
                        },
                        () -> error(
                                "/overage/price_per_1000",
                                "must be given: neither a free plan nor one without credits has a price of a credit"));
        return charged;
    }

    private List<String> slugs(String pointer, @Nullable List<@Nullable String> values) {
        if (values == null) {
            error(pointer.isEmpty() ? "/" : pointer, "must be a list");
            return List.of();
        }
        bounded(pointer, values.size());
        for (int i = 0; i < values.size(); i++) {
            slug(pointer + "/" + i, values.get(i));
        }
        return values.stream().map(String::valueOf).distinct().toList();
    }

    private void slug(String pointer, @Nullable String value) {
        if (value == null || !SLUG.matcher(value).matches()) {
            error(pointer, "must consist of lower-case letters, digits and inner hyphens");
        }
    }

    private void meter(String pointer, String name) {
        if (!METER.matcher(name).matches()) {
            error(pointer, "must begin with a letter and consist of lower-case letters, digits, _ and .");
        }
    }

    private void bounded(String pointer, int size) {
        if (size > MAX_ITEMS) {
            error(pointer, "must have at most " + MAX_ITEMS + " items");
        }
    }

    private long whole(String pointer, @Nullable BigDecimal value, long min, long max, @Nullable Long fallback) {
        if (value == null) {
            if (fallback == null) {
                error(pointer, "must be given");
                return min;
            }
            return fallback;
        }
        if (value.compareTo(BigDecimal.valueOf(min)) < 0 || value.compareTo(BigDecimal.valueOf(max)) > 0) {
            error(pointer, "must be between " + min + " and " + max);
            return min;
        }
        if (value.stripTrailingZeros().scale() > 0) {
            error(pointer, "must be a whole number");
            return min;
        }
        return value.longValueExact();
    }

    private boolean isWrong(String pointer) {
        return errors.stream().anyMatch(error -> error.pointer().startsWith(pointer));
    }

    private static String escape(String member) {
        return member.replace("~", "~0").replace("/", "~1");
    }

    private void error(String pointer, String detail) {
        errors.add(new FieldError(pointer, detail));
    }
}
