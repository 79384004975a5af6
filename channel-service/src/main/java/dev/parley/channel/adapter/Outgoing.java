package dev.parley.channel.adapter;

import java.util.UUID;

/**
 * One message to be sent.
 *
 * @param reference our id of it, for vendors that carry one and tell it back
 * @param recipient in the vendor's terms
 * @param webhookUrl the public address of the account's webhook, for vendors that want to be told with each message
 */
public record Outgoing(UUID reference, String recipient, OutboundPart part, String webhookUrl) {}
