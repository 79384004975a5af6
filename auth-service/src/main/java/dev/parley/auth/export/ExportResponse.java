package dev.parley.auth.export;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An export.
 *
 * @param status running, ready, failed or expired
 * @param missing the services that have not written their part
 * @param parts kind, rows, bytes and SHA-256 of each file, by service
 * @param expiresAt when the files are deleted
 */
public record ExportResponse(
        UUID id,
        String status,
        Instant requestedAt,
        @Nullable Instant endedAt,
        @Nullable Instant expiresAt,
        List<String> missing,
        SortedMap<String, JsonNode> parts) {}
