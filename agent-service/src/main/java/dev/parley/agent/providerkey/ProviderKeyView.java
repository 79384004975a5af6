package dev.parley.agent.providerkey;

import java.time.Instant;
import java.util.UUID;

/**
 * A tenant's key at a provider: that it is there, and since when.
 *
 * @param usable false when the provider has moved to another host since: set the key again
 */
public record ProviderKeyView(UUID id, String provider, boolean usable, Instant createdAt, String createdBy) {}
