package dev.parley.auth.tenant;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A tenant as its own members see it.
 *
 * @param retention days by kind of data; null: kept for good
 * @param restorableUntil until when a deleted tenant can be brought back
 */
public record TenantResponse(
        TenantId id,
        String name,
        TenantStatus status,
        JsonNode settings,
        String region,
        SortedMap<String, @Nullable Integer> retention,
        Instant createdAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant restorableUntil) {}
