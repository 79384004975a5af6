package dev.parley.agent.catalogue;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.UUID;

/**
 * An agent as a tenant sees it.
 *
 * @param allowed whether the tenant may use it now
 * @param reasonCode why not; absent where allowed
 */
public record OfferedAgent(
        UUID id,
        String slug,
        String name,
        String description,
        boolean allowed,
        @JsonInclude(JsonInclude.Include.NON_NULL) String reasonCode) {}
