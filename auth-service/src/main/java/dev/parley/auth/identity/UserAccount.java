package dev.parley.auth.identity;

import java.util.UUID;

/** A person as all tenants see it. */
public record UserAccount(UUID id, String email, String name) {}
