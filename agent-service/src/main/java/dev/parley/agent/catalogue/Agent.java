package dev.parley.agent.catalogue;

import java.time.Instant;
import java.util.UUID;

/**
 * An agent of the catalogue, as admins see it.
 *
 * @param status active or disabled
 * @param activeVersion the number of its active prompt version, or null while it has none
 */
public record Agent(
        UUID id,
        String slug,
        String name,
        String description,
        String status,
        Integer activeVersion,
        Instant createdAt,
        Instant updatedAt,
        String createdBy) {
    /** Whether it can answer: not disabled, and with an active prompt version. */
    boolean ready() {
        return status.equals("active") && activeVersion != null;
    }
}
