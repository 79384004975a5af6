package dev.parley.auth.serviceaccount;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A service account of the caller's tenant. */
public record ServiceAccountResponse(
        UUID id, String name, @Nullable String description, Instant createdAt, String createdBy) {}
