package dev.parley.auth.invitation;

import dev.parley.auth.member.Role;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

record Invitation(
        UUID id,
        String email,
        Role role,
        Instant expiresAt,
        @Nullable Instant acceptedAt,
        @Nullable Instant revokedAt,
        Instant createdAt,
        String createdBy) {}
