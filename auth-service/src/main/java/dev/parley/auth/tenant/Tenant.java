package dev.parley.auth.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A tenant as stored.
 *
 * @param standing what its subscription makes of it: pending, trial or active
 * @param retention days by kind of data; a kind that is not named is kept
 */
record Tenant(
        TenantId id,
        String name,
        TenantStatus status,
        TenantStatus standing,
        long subscriptionVersion,
        JsonNode settings,
        String region,
        SortedMap<String, Integer> retention,
        @Nullable Instant suspendedAt,
        @Nullable String suspensionReason,
        @Nullable Instant deletedAt,
        Instant createdAt) {}
