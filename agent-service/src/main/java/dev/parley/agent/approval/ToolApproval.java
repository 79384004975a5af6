package dev.parley.agent.approval;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;

/**
 * A call that an agent wants to make, as the tenant's admins see it.
 *
 * @param arguments exactly what would be done
 * @param status pending, approved, rejected, used, or expired
 * @param expiresAt when it can be decided, or done, no more
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ToolApproval(
        UUID id,
        String conversationId,
        String agent,
        String tool,
        JsonNode arguments,
        String status,
        Instant createdAt,
        Instant expiresAt,
        Instant decidedAt,
        String decidedBy,
        Instant usedAt) {}
