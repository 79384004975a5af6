package dev.parley.policy.inbound;

import org.jspecify.annotations.Nullable;

/** What policy reads of {@code auth.tenant-suspended.v1}. */
record TenantStateChanged(@Nullable String reason) {}
