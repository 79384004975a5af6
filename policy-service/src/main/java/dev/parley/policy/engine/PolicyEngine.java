package dev.parley.policy.engine;

import static dev.parley.policy.engine.ReasonCode.AGENT_NOT_IN_PLAN;
import static dev.parley.policy.engine.ReasonCode.CHANNEL_NOT_IN_PLAN;
import static dev.parley.policy.engine.ReasonCode.CREDITS_EXHAUSTED;
import static dev.parley.policy.engine.ReasonCode.QUOTA_EXCEEDED;
import static dev.parley.policy.engine.ReasonCode.SUBSCRIPTION_INACTIVE;
import static dev.parley.policy.engine.ReasonCode.SUBSCRIPTION_SUSPENDED;
import static dev.parley.policy.engine.ReasonCode.TENANT_SUSPENDED;

import dev.parley.policy.engine.Verdict.Figures;
import dev.parley.policy.rating.Rate;
import dev.parley.policy.rating.Rating;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Decides: the rules in the order in which they are asked, the first that objects wins. Pure and without I/O. The
 * database repeats only the two comparisons of {@link #fits} in the statement that takes the hold.
 */
public final class PolicyEngine {
    private final Sizing sizing;

    /** An engine that assumes model calls of that size. */
    public PolicyEngine(Sizing sizing) {
        this.sizing = sizing;
    }

    /** The whole decision, given where the tenant's credits and quotas stand now. */
    public Verdict decide(Terms terms, Ask ask, Standing standing) {
        Verdict verdict = admit(terms, ask);
        return verdict.reservation() == null ? verdict : fits(terms, verdict.reservation(), standing);
    }

    /** The rules that need no figures: allowed means that the reservation may be tried. */
    public Verdict admit(Terms terms, Ask ask) {
        if (terms.suspended()) {
            return Verdict.denied(TENANT_SUSPENDED, "tenant.active", "Contact Parley's support.");
        }
        if (terms.status() == SubscriptionStatus.SUSPENDED) {
            return Verdict.denied(
                    SUBSCRIPTION_SUSPENDED, "subscription.usable", "Pay the open invoice to use your agents again.");
        }
        if (!terms.status().usable()) {
            return Verdict.denied(SUBSCRIPTION_INACTIVE, "subscription.usable", "Subscribe to a plan.");
        }
        if (!terms.includesAgent(ask.agent())) {
            return Verdict.denied(
                    AGENT_NOT_IN_PLAN, "plan.agents", "Change to a plan that includes the agent " + ask.agent() + ".");
        }
        if (!terms.includesChannel(ask.channel())) {
            return Verdict.denied(
                    CHANNEL_NOT_IN_PLAN,
                    "plan.channels",
                    "Change to a plan that includes the channel " + ask.channel() + ".");
        }
        return Verdict.allowed(terms, null, reservation(terms, ask));
    }

    /** The rules of figures: quotas by the meters' names, then credits. */
    public Verdict fits(Terms terms, Reservation reservation, Standing standing) {
        for (Map.Entry<String, Long> claim : new TreeMap<>(reservation.claims()).entrySet()) {
            long quota = terms.quotas().get(claim.getKey());
            Standing.Counter counter = standing.counter(claim.getKey());
            if (counter.used() + counter.held() + claim.getValue() > quota) {
                long remaining = Math.max(0, quota - counter.used() - counter.held());
                return Verdict.exceeded(
                        QUOTA_EXCEEDED,
                        "plan.quotas." + claim.getKey(),
                        new Figures(quota, counter.used(), counter.held(), remaining),
                        terms.periodEnd(),
                        "Change to a plan with a higher quota, or wait until it resets.");
            }
        }
        Figures figures = new Figures(
                standing.granted() + reservation.cap(), standing.used(), standing.held(), standing.remaining());
        boolean free = reservation.least() == 0;
        if (!free && standing.available() - standing.held() + reservation.cap() < reservation.least()) {
            return Verdict.exceeded(
                    CREDITS_EXHAUSTED,
                    reservation.cap() > 0 ? "credits.overage-cap" : "credits.balance",
                    figures,
                    terms.periodEnd(),
                    "Change to a larger plan, buy credits, or wait until they reset.");
        }
        return Verdict.allowed(terms, figures, reservation);
    }

    /** The worst case of what is asked, as the README's formula says. */
    private Reservation reservation(Terms terms, Ask ask) {
        Map<String, Long> worst = new HashMap<>(ask.estimate());
        long output = 0;
        if (ask.callsModel()) {
            long estimated = ask.estimate().getOrDefault(Meters.INPUT_TOKENS, 0L) + sizing.systemPromptTokens();
            worst.put(Meters.INPUT_TOKENS, Math.min(sizing.maxInputTokens(), estimated));
            output = ask.estimate().getOrDefault(Meters.OUTPUT_TOKENS, (long) sizing.defaultOutputTokens());
            worst.put(Meters.OUTPUT_TOKENS, output);
        }
        Rate outputRate = terms.rates().get(Meters.OUTPUT_TOKENS);
        long want = Rating.total(Rating.rate(terms.rates(), worst));
        long fixed = want - Rating.credits(outputRate, output);
        long least = fixed + Rating.credits(outputRate, Math.min(output, sizing.minOutputTokens()));
        Map<String, Long> claims = new HashMap<>(worst);
        claims.keySet().retainAll(terms.quotas().keySet());
        return new Reservation(
                want, least, terms.overage().cap(), claims, fixed, sizing.maxInputTokens(), output, outputRate);
    }
}
