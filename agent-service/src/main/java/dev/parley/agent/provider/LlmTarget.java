package dev.parley.agent.provider;

import dev.parley.platform.tenancy.TenantId;

/** A model of a provider. */
public record LlmTarget(LlmEndpoint endpoint, String model) {
    /** Who pays the provider: {@code tenant} with its own key, else {@code platform}. */
    public String keyOwner() {
        return endpoint.keyOwner().equals(TenantId.PLATFORM) ? "platform" : "tenant";
    }
}
