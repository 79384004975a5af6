package dev.parley.agent.prompt;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.agent.outbound.FeatureDecision;
import dev.parley.agent.outbound.PolicyClient;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;

/** Whether tenants may have prompt versions of their own, which policy-service decides. */
@ApplicationScoped
public class CustomPromptsFlow {
    private static final String FEATURE = "custom_prompts";
    private static final int TENANTS_KEPT = 100_000;

    private final PolicyClient policy;
    private final Cache<TenantId, Boolean> lately;

    CustomPromptsFlow(PolicyClient policy, PromptConfig config) {
        this.policy = policy;
        this.lately = Caffeine.newBuilder()
                .maximumSize(TENANTS_KEPT)
                .expireAfterWrite(config.entitlementAge())
                .build();
    }

    /** Refuses, with policy's reason, a tenant whose plan lacks the feature; asked anew each time. 503 without an answer. */
    public void demand(TenantId tenant) {
        FeatureDecision decision = policy.decideFeature(tenant, FEATURE);
        lately.put(tenant, decision.allow());
        if (!decision.allow()) {
            throw decision.denial();
        }
    }

    /** Whether the plan has the feature, as policy said within {@code agent.prompt.entitlement-age}; 503 without an answer. */
    boolean allowed(TenantId tenant) {
        Boolean known = lately.getIfPresent(tenant);
        if (known == null) {
            // not inside the cache: it would keep tenants waiting that have nothing to do with this one
            known = policy.decideFeature(tenant, FEATURE).allow();
            lately.put(tenant, known);
        }
        return known;
    }
}
