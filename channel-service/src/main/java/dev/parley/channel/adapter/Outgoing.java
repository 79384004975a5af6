package dev.parley.channel.adapter;

import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;

/**
 * One message to be sent.
 *
 * @param tenant who sends
 * @param reference our id of it, for vendors that carry one and tell it back
 * @param recipient in the vendor's terms
 * @param webhookUrl the public address of the account's webhook, for vendors that want to be told with each message
 */
public record Outgoing(TenantId tenant, UUID reference, String recipient, OutboundPart part, String webhookUrl) {}
