package dev.parley.auth.export;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An export as stored.
 *
 * @param parts what each service that has answered has written: kind, rows, bytes and SHA-256 of each file
 */
record Export(
        UUID id,
        String status,
        String requestedBy,
        Instant requestedAt,
        @Nullable Instant endedAt,
        SortedMap<String, JsonNode> parts) {}
