package dev.parley.policy.history;

import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.engine.Ask;
import dev.parley.policy.engine.PolicyEngine;
import dev.parley.policy.engine.Standing;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.engine.Verdict;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A decision of the log: what was answered, and all that it was made from but the terms and the rules, which it names.
 *
 * @param credits what was held
 * @param remedy what a denial told to do
 * @param standing where credits and quotas stood before it; null when nobody looked
 * @param contact what was known of the person who would be written to; null when the question named nobody
 */
public record RecordedDecision(
        UUID id,
        UUID operationId,
        Instant at,
        @Nullable String agent,
        @Nullable String channel,
        @Nullable String feature,
        @Nullable String userId,
        @Nullable String conversationId,
        Map<String, Long> estimate,
        boolean allow,
        String reasonCode,
        String ruleId,
        long policyVersion,
        int rulesVersion,
        long credits,
        @Nullable String remedy,
        @Nullable Standing standing,
        Ask.@Nullable Contact contact) {

    /**
     * The same question again.
     *
     * @param extra credits that the tenant would have had beside those that it had; negative for fewer
     */
    public Verdict again(PolicyEngine engine, TenantId tenant, Terms terms, long extra) {
        Ask ask = new Ask(tenant.value(), agent, channel, feature, estimate, contact);
        if (standing == null) {
            return engine.admit(terms, ask);
        }
        Standing then = new Standing(
                Math.max(0, standing.granted() + extra),
                standing.available() + extra,
                standing.held(),
                standing.counters());
        return engine.decide(terms, ask, then);
    }
}
