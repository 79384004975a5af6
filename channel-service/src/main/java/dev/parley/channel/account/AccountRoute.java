package dev.parley.channel.account;

import dev.parley.platform.tenancy.TenantId;
import java.util.Map;
import java.util.UUID;

/**
 * What a webhook needs to know of the account that its address names.
 *
 * @param credentials in clear, never to be logged or kept
 */
public record AccountRoute(
        TenantId tenant, UUID accountId, String type, String agent, boolean active, Map<String, String> credentials) {
    @Override
    public String toString() {
        return "AccountRoute[" + tenant + "/" + accountId + "]";
    }
}
