package dev.parley.auth.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A tenant as stored. */
record Tenant(
        TenantId id,
        String name,
        TenantStatus status,
        JsonNode settings,
        String region,
        @Nullable Instant suspendedAt,
        @Nullable String suspensionReason,
        Instant createdAt) {}
