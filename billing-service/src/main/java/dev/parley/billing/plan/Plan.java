package dev.parley.billing.plan;

import dev.parley.billing.money.Money;
import java.util.List;
import java.util.Map;

/**
 * One version of a plan; it never changes. This is also how the API shows it.
 *
 * @param credits granted at the start of each interval
 * @param rates by meter; a meter that is not named costs nothing
 * @param agents slugs of the agents that the plan includes
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
        List<String> agents,
        List<String> channels,
        Map<String, Long> quotas,
        Overage overage,
        int trialDays) {

    /** The same plan as a later version. */
    Plan asVersion(int next) {
        return new Plan(
                code, next, name, price, interval, credits, rates, agents, channels, quotas, overage, trialDays);
    }

    /** The same plan for other agents. */
    Plan withAgents(List<String> slugs) {
        return new Plan(
                code, version, name, price, interval, credits, rates, slugs, channels, quotas, overage, trialDays);
    }
}
