package dev.parley.auth.erasure;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An erasure as stored, among the platform's rows.
 *
 * @param auditHead seq and hash of the last entry of the trail that was erased
 * @param answers what each service that has answered deleted and kept
 */
record Erasure(
        UUID id,
        TenantId tenant,
        String status,
        byte @Nullable [] tokenSha256,
        @Nullable JsonNode auditHead,
        @Nullable String certificate,
        Instant requestedAt,
        @Nullable Instant completedAt,
        SortedMap<String, JsonNode> answers) {}
