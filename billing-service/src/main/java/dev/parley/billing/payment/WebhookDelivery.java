package dev.parley.billing.payment;

import java.util.Map;

/**
 * A webhook as it came in.
 *
 * @param body the raw bytes, which the signature covers
 * @param headers by lower-case name
 */
@SuppressWarnings("ArrayRecordComponent") // carried once from the socket to the inbox, never compared
public record WebhookDelivery(byte[] body, Map<String, String> headers) {}
