package dev.parley.agent.prompt.experiment;

import dev.parley.agent.prompt.split.Guard;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** How versions of an agent are watched after they were activated. */
public record AgentGuard(
        UUID agentId,
        List<Guard> guards,
        int minimumSample,
        int windowSeconds,
        Instant createdAt,
        Instant updatedAt,
        String updatedBy) {}
