package dev.parley.agent.catalogue;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * A new agent.
 *
 * @param slug its name on the wire, for ever: lower case letters, digits and hyphens, a letter first
 */
public record CreateAgentRequest(
        @NotNull @Pattern(regexp = "[a-z][a-z0-9-]{0,62}") String slug,

        @NotBlank @Size(max = 120) @Pattern(regexp = "(?s)[^\\x00]*")
        String name,

        @Size(max = 2000) @Pattern(regexp = "(?s)[^\\x00]*") String description) {}
