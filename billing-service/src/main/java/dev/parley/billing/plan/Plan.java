package dev.parley.billing.plan;

import dev.parley.billing.money.Money;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/**
 * One version of a plan; it never changes. This is also how the API shows it.
 *
 * @param credits granted at the start of each interval
 * @param rates by meter; a meter that is not named costs nothing
 * @param agentRates by agent and meter: what an agent of its own price costs instead
 * @param agents slugs of the agents that the plan includes
 * @param features what the plan switches on, for example {@code insight_engine}
 * @param quotas by kind, per month
 * @param trialDays length of the trial, 0 for none
 */
public record Plan(
        String code,
        int version,
        String name,
        Money price,
        BillingInterval interval,
        long credits,
        Map<String, Rate> rates,
        Map<String, Map<String, Rate>> agentRates,
        List<String> agents,
        List<String> channels,
        List<String> features,
        Map<String, Long> quotas,
        Overage overage,
        int trialDays) {

    /** What a payment for a period brings: the credits, or of a payment below the price its share, rounded down. */
    public long creditsFor(long paid) {
        long whole = price.amount();
        return paid >= whole
                ? credits
                : BigInteger.valueOf(credits)
                        .multiply(BigInteger.valueOf(Math.max(0, paid)))
                        .divide(BigInteger.valueOf(whole))
                        .longValueExact();
    }

    /** The same plan as a later version. */
    Plan asVersion(int next) {
        return with(next, agents);
    }

    /** The same plan for other agents. */
    Plan withAgents(List<String> slugs) {
        return with(version, slugs);
    }

    private Plan with(int newVersion, List<String> newAgents) {
        return new Plan(
                code,
                newVersion,
                name,
                price,
                interval,
                credits,
                rates,
                agentRates,
                newAgents,
                channels,
                features,
                quotas,
                overage,
                trialDays);
    }
}
