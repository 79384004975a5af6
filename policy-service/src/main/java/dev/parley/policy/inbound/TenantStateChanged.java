package dev.parley.policy.inbound;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/** What policy reads of {@code auth.tenant-suspended.v1}. */
@RegisterForReflection
record TenantStateChanged(@Nullable String reason) {}
