package dev.parley.agent.approval;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;

/**
 * A call that an agent wants to make, as the tenant's admins see it.
 *
 * @param operationId the operation in which it was wanted first
 * @param arguments exactly what would be done
 * @param status pending, approved (and being carried out), rejected, used (carried out), unknown (nobody can tell whether it
 *     was carried out), or expired
 * @param outcome done or failed, once it was carried out
 * @param result what the agent is told that came of it, where anything is known
 * @param expiresAt when it can be decided no more, or should have ended
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ToolApproval(
        UUID id,
        UUID operationId,
        String conversationId,
        String agent,
        String channel,
        String tool,
        JsonNode arguments,
        String status,
        String outcome,
        String result,
        Instant createdAt,
        Instant expiresAt,
        Instant decidedAt,
        String decidedBy,
        Instant usedAt) {}
