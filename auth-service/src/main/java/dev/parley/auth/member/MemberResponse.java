package dev.parley.auth.member;

import java.time.Instant;
import java.util.UUID;

/** A member of the caller's tenant. */
public record MemberResponse(UUID userId, String email, String name, Role role, Instant joinedAt) {}
