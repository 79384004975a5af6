package dev.parley.policy.engine;

import static dev.parley.policy.engine.ReasonCode.AGENT_NOT_IN_PLAN;
import static dev.parley.policy.engine.ReasonCode.CHANNEL_NOT_IN_PLAN;
import static dev.parley.policy.engine.ReasonCode.CONTACT_OPTED_OUT;
import static dev.parley.policy.engine.ReasonCode.CREDITS_EXHAUSTED;
import static dev.parley.policy.engine.ReasonCode.DENIED_BY_RULE;
import static dev.parley.policy.engine.ReasonCode.FEATURE_NOT_IN_PLAN;
import static dev.parley.policy.engine.ReasonCode.METER_UNPRICED;
import static dev.parley.policy.engine.ReasonCode.QUOTA_EXCEEDED;
import static dev.parley.policy.engine.ReasonCode.SUBSCRIPTION_INACTIVE;
import static dev.parley.policy.engine.ReasonCode.SUBSCRIPTION_SUSPENDED;
import static dev.parley.policy.engine.ReasonCode.TENANT_SUSPENDED;
import static dev.parley.policy.engine.Verdict.denied;

import dev.parley.policy.engine.Verdict.Figures;
import dev.parley.policy.engine.Verdict.Limit;
import dev.parley.policy.rating.Rate;
import dev.parley.policy.rating.Rating;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides: the rules in the order in which they are asked, the first that objects wins. Pure and without I/O. The
 * database repeats only the comparisons of {@link #fits} in the statement that takes the hold.
 */
public final class PolicyEngine {
    private final Rules rules;
    private final List<Rule> admission = List.of(
            PolicyEngine::tenant,
            PolicyEngine::subscription,
            this::denials,
            PolicyEngine::agent,
            PolicyEngine::channel,
            PolicyEngine::feature,
            PolicyEngine::contact,
            PolicyEngine::prices,
            PolicyEngine::stocks);

    /** A rule that needs no figures: its objection, or null. */
    @FunctionalInterface
    private interface Rule {
        @Nullable
        Verdict objection(Terms terms, Ask ask);
    }

    /** An engine for that version of the platform's rules. */
    public PolicyEngine(Rules rules) {
        this.rules = rules;
    }

    /** The rules that it decides by. */
    public Rules rules() {
        return rules;
    }

    /** The whole decision, given where the tenant's credits and quotas stand now. */
    public Verdict decide(Terms terms, Ask ask, Standing standing) {
        Verdict verdict = admit(terms, ask);
        return verdict.reservation() == null ? verdict : fits(terms, verdict.reservation(), standing);
    }

    /** The rules that need no figures: allowed means that the reservation may be tried. */
    public Verdict admit(Terms terms, Ask ask) {
        for (Rule rule : admission) {
            Verdict objection = rule.objection(terms, ask);
            if (objection != null) {
                return objection;
            }
        }
        return Verdict.allowed(terms, null, List.of(), reservation(terms, ask));
    }

    /** The rules of figures: the quotas of the period by their names, then credits. */
    public Verdict fits(Terms terms, Reservation reservation, Standing standing) {
        List<Limit> limits = limits(terms, reservation, standing);
        for (Map.Entry<String, Long> claim : new TreeMap<>(reservation.claims()).entrySet()) {
            Figures figures = quota(terms, claim.getKey(), standing);
            if (figures.used() + figures.held() + claim.getValue() > figures.limit()) {
                return Verdict.exceeded(
                        QUOTA_EXCEEDED,
                        "plan.quotas." + claim.getKey(),
                        figures,
                        limits,
                        terms.periodEnd(),
                        "Change to a plan with a higher quota, or wait until it resets.");
            }
        }
        Figures credits = credits(reservation, standing);
        boolean free = reservation.least() == 0;
        if (!free && standing.available() - standing.held() + reservation.cap() < reservation.least()) {
            return Verdict.exceeded(
                    CREDITS_EXHAUSTED,
                    reservation.cap() > 0 ? "credits.overage-cap" : "credits.balance",
                    credits,
                    limits,
                    terms.periodEnd(),
                    "Change to a larger plan, buy credits, or wait until they reset.");
        }
        return Verdict.allowed(terms, credits, limits, reservation);
    }

    /** Every limit that the reservation is measured by, and where it stands: credits, then quotas by their names. */
    public List<Limit> limits(Terms terms, Reservation reservation, Standing standing) {
        Limit credits = credits(reservation, standing).of("credits", terms.periodEnd());
        if (reservation.claims().isEmpty() && reservation.stocks().isEmpty()) {
            return List.of(credits);
        }
        List<Limit> limits = new ArrayList<>();
        limits.add(credits);
        new TreeMap<>(reservation.claims())
                .forEach(
                        (name, units) -> limits.add(quota(terms, name, standing).of(name, terms.periodEnd())));
        new TreeMap<>(reservation.stocks())
                .forEach((name, present) ->
                        limits.add(stock(terms, name, present).of(name, null)));
        return List.copyOf(limits);
    }

    private static @Nullable Verdict tenant(Terms terms, Ask ask) {
        return terms.suspended() ? denied(TENANT_SUSPENDED, "tenant.active", "Contact Parley's support.") : null;
    }

    private static @Nullable Verdict subscription(Terms terms, Ask ask) {
        if (terms.status() == SubscriptionStatus.SUSPENDED) {
            String remedy = "Pay the open invoice to use your agents again.";
            return denied(SUBSCRIPTION_SUSPENDED, "subscription.usable", remedy);
        }
        return terms.status().usable()
                ? null
                : denied(SUBSCRIPTION_INACTIVE, "subscription.usable", "Subscribe to a plan.");
    }

    private @Nullable Verdict denials(Terms terms, Ask ask) {
        for (Denial denial : rules.denials()) {
            if (denial.denies(terms, ask)) {
                return denied(DENIED_BY_RULE, "rules." + denial.id(), denial.remedy());
            }
        }
        return null;
    }

    private static @Nullable Verdict agent(Terms terms, Ask ask) {
        return includes(terms.agents(), ask.agent())
                ? null
                : denied(
                        AGENT_NOT_IN_PLAN,
                        "plan.agents",
                        "Change to a plan that includes the agent " + ask.agent() + ".");
    }

    private static @Nullable Verdict channel(Terms terms, Ask ask) {
        return includes(terms.channels(), ask.channel())
                ? null
                : denied(
                        CHANNEL_NOT_IN_PLAN,
                        "plan.channels",
                        "Change to a plan that includes the channel " + ask.channel() + ".");
    }

    private static @Nullable Verdict feature(Terms terms, Ask ask) {
        return includes(terms.features(), ask.feature())
                ? null
                : denied(FEATURE_NOT_IN_PLAN, "plan.features", "Change to a plan that includes " + ask.feature() + ".");
    }

    /** Contact law, whatever the plan allows. */
    private static @Nullable Verdict contact(Terms terms, Ask ask) {
        return ask.contact() == null || !ask.contact().optedOut()
                ? null
                : denied(
                        CONTACT_OPTED_OUT,
                        "contact.opted-out",
                        "This person asked to be sent nothing more; a START from them, or their consent, changes that.");
    }

    private static boolean includes(Set<String> included, @Nullable String asked) {
        return asked == null || included.contains(asked) || included.contains("*");
    }

    /** No price, no call: a meter without a rate is free only if it is one that we know. */
    private static @Nullable Verdict prices(Terms terms, Ask ask) {
        for (String meter : ask.estimate().keySet()) {
            if (!Meters.isKnown(meter) && !terms.ratesOf(ask.agent()).containsKey(meter)) {
                return denied(
                        METER_UNPRICED,
                        "plan.rates." + meter,
                        "Nothing is called " + meter + " here, or it has no price in your plan: ask Parley's support.");
            }
        }
        return null;
    }

    /** Of a stock there may be one more while there are fewer than the quota. */
    private static @Nullable Verdict stocks(Terms terms, Ask ask) {
        for (Map.Entry<String, Long> present : new TreeMap<>(stocksWithQuota(terms, ask)).entrySet()) {
            Figures figures = stock(terms, present.getKey(), present.getValue());
            if (figures.remaining() == 0) {
                return Verdict.exceeded(
                        QUOTA_EXCEEDED,
                        "plan.quotas." + present.getKey(),
                        figures,
                        List.of(figures.of(present.getKey(), null)),
                        null,
                        "Change to a plan with more " + present.getKey() + ", or remove one.");
            }
        }
        return null;
    }

    private static Map<String, Long> stocksWithQuota(Terms terms, Ask ask) {
        Map<String, Long> stocks = Map.of();
        for (Map.Entry<String, Long> one : ask.estimate().entrySet()) {
            if (Meters.isStock(one.getKey()) && terms.quotas().containsKey(one.getKey())) {
                stocks = stocks.isEmpty() ? new HashMap<>() : stocks;
                stocks.put(one.getKey(), one.getValue());
            }
        }
        return stocks;
    }

    private static Figures stock(Terms terms, String name, long present) {
        long quota = terms.quotas().get(name);
        return new Figures(quota, present, 0, Math.max(0, quota - present));
    }

    private static Figures quota(Terms terms, String name, Standing standing) {
        long quota = terms.quotas().get(name);
        Standing.Counter counter = standing.counter(name);
        return new Figures(quota, counter.used(), counter.held(), Math.max(0, quota - counter.used() - counter.held()));
    }

    private static Figures credits(Reservation reservation, Standing standing) {
        return new Figures(
                standing.granted() + reservation.cap(), standing.used(), standing.held(), standing.remaining());
    }

    /** The worst case of what is asked, as the README's formula says. */
    private Reservation reservation(Terms terms, Ask ask) {
        Sizing sizing = rules.sizing();
        Map<String, Rate> rates = terms.ratesOf(ask.agent());
        Map<String, Long> worst = new HashMap<>(ask.estimate());
        worst.keySet().removeIf(Meters::isStock);
        long output = 0;
        if (ask.callsModel()) {
            long estimated = ask.estimate().getOrDefault(Meters.INPUT_TOKENS, 0L) + sizing.systemPromptTokens();
            worst.put(Meters.INPUT_TOKENS, Math.min(sizing.maxInputTokens(), estimated));
            output = ask.estimate().getOrDefault(Meters.OUTPUT_TOKENS, (long) sizing.defaultOutputTokens());
            worst.put(Meters.OUTPUT_TOKENS, output);
        }
        Rate outputRate = rates.get(Meters.OUTPUT_TOKENS);
        long want = Rating.total(Rating.rate(rates, worst));
        long fixed = want - Rating.credits(outputRate, output);
        long least = fixed + Rating.credits(outputRate, Math.min(output, sizing.minOutputTokens()));
        return new Reservation(
                want,
                least,
                terms.overage().cap(),
                Meters.counted(worst, terms.quotas().keySet()),
                stocksWithQuota(terms, ask),
                fixed,
                sizing.maxInputTokens(),
                output,
                outputRate);
    }
}
