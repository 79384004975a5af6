package dev.parley.channel.adapter;

import java.util.Map;

/**
 * An account that the vendor accepted.
 *
 * @param externalId the vendor's id of the account
 * @param displayName the account's public name
 * @param credentials what to store, encrypted: what was given, and what the adapter generated
 */
public record Connection(String externalId, String displayName, Map<String, String> credentials) {}
