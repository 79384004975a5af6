package dev.parley.agent.httptool;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;

/**
 * A function of the tenant's own, as its admins see it.
 *
 * @param secretHeader the name of the header that is sent along; absent when none is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HttpToolView(
        UUID id,
        String name,
        String description,
        JsonNode parameters,
        String url,
        String secretHeader,
        int timeoutSeconds,
        boolean highImpact,
        boolean enabled,
        Instant createdAt,
        Instant updatedAt,
        String createdBy) {}
