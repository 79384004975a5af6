package dev.parley.channel.account;

import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a webhook needs to know of the account that its address names.
 *
 * @param type the kind of account, as in the webhook's address
 * @param channel the channel's name in messages, events and plans
 * @param enforced whether a call with a wrong signature is refused
 * @param connectedAt since when it is ours
 * @param credentials in clear, never to be logged or kept
 * @param previous those that were replaced a short while ago and still sign webhooks; empty when there are none
 */
public record AccountRoute(
        TenantId tenant,
        UUID accountId,
        String type,
        String channel,
        String agent,
        boolean active,
        boolean enforced,
        Instant connectedAt,
        Map<String, String> credentials,
        Optional<Map<String, String>> previous) {
    /** What may sign a webhook, the present first. */
    public List<Map<String, String>> signers() {
        return previous.map(old -> List.of(credentials, old)).orElseGet(() -> List.of(credentials));
    }

    @Override
    public String toString() {
        return "AccountRoute[" + tenant + "/" + accountId + "]";
    }
}
