package dev.parley.agent.prompt;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.crypto.Sha256;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/**
 * A prompt version, as those who write it see it.
 *
 * @param number from 1 per agent and owner
 * @param provider null in a tenant's version that leaves provider and model to the platform's
 * @param status draft, testing (in an experiment that runs), active or archived
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
    /** A fingerprint of what the version says: two with the same one answer alike. */
    @JsonIgnore
    public String contentHash() {
        String content = Arrays.asList(systemPrompt, provider, model, temperature, maxTokens, variables).stream()
                .map(String::valueOf)
                .map(part -> part.length() + ":" + part)
                .reduce("", String::concat);
        return Sha256.hex(content);
    }

    @JsonIgnore
    boolean isDraft() {
        return status.equals("draft");
    }

    @JsonIgnore
    boolean isActive() {
        return status.equals("active");
    }
}
