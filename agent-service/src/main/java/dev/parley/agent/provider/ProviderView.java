package dev.parley.agent.provider;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A provider as admins see it: everything but its key.
 *
 * @param id null for those that exist without setup
 * @param fallbacks what is asked instead when it fails, in that order
 * @param reads the types of files, beside pictures, that its models read
 * @param source {@code admin} for providers made by admins, {@code environment} for those that exist without setup
 */
public record ProviderView(
        UUID id,
        String name,
        String kind,
        String baseUrl,
        boolean apiKeySet,
        List<String> models,
        List<String> fallbacks,
        List<String> reads,
        String source,
        Instant createdAt,
        Instant updatedAt,
        String createdBy) {}
