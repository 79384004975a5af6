package dev.parley.channel.adapter;

import java.util.Map;

/**
 * An account that the vendor accepted.
 *
 * @param externalId the vendor's id of the account
 * @param displayName the account's public name
 * @param credentials what to store, encrypted: what was given, and what the adapter generated
 * @param setup what people have to type at the vendor themselves, shown once; empty where the adapter does it
 */
public record Connection(
        String externalId, String displayName, Map<String, String> credentials, Map<String, String> setup) {
    /** An account with which people have nothing more to do at the vendor. */
    public Connection(String externalId, String displayName, Map<String, String> credentials) {
        this(externalId, displayName, credentials, Map.of());
    }

    @Override
    public String toString() {
        return "Connection[" + externalId + "]";
    }
}
