package dev.parley.agent.providerkey;

import java.time.Instant;
import java.util.UUID;

/** A tenant's key at a provider: that it is there, and since when. */
public record ProviderKeyView(UUID id, String provider, Instant createdAt, String createdBy) {}
