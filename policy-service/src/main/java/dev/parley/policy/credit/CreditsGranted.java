package dev.parley.policy.credit;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Payload of {@code billing.credits-granted.v1}: a new lot of credits. */
@RegisterForReflection
public record CreditsGranted(
        UUID lotId,
        String source,
        long credits,
        @Nullable Instant expiresAt,
        @Nullable String reason) {}
