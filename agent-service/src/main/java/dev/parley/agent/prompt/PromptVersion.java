package dev.parley.agent.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;

/**
 * A prompt version, as admins see it.
 *
 * @param number from 1 per agent
 * @param status draft, active or archived
 * @param activatedAt when it became active last; null for one that never was
 */
public record PromptVersion(
        UUID id,
        UUID agentId,
        int number,
        String systemPrompt,
        String provider,
        String model,
        Double temperature,
        Integer maxTokens,
        JsonNode variables,
        String status,
        Instant createdAt,
        Instant updatedAt,
        String createdBy,
        Instant activatedAt) {
    boolean isDraft() {
        return status.equals("draft");
    }

    boolean isActive() {
        return status.equals("active");
    }
}
