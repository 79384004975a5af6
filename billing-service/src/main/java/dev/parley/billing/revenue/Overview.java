package dev.parley.billing.revenue;

import java.util.List;
import java.util.Map;

/**
 * How the platform stands, without any individual tenant.
 *
 * @param usage the last 30 days, by agent
 * @param checkouts waiting for a provider's answer
 * @param webhooks by state
 */
record Overview(
        long tenants,
        Map<String, Long> subscriptionsByStatus,
        Map<String, Long> subscriptionsByPlan,
        List<AgentUsage> usage,
        long checkouts,
        Map<String, Long> webhooks) {

    record AgentUsage(String agent, long messages, long credits) {}
}
