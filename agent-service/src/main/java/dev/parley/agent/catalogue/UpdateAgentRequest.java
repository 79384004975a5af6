package dev.parley.agent.catalogue;

import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/** Changes of an agent; what is absent stays. A disabled agent answers nobody. */
public record UpdateAgentRequest(
        @Size(min = 1, max = 120) @Pattern(regexp = "(?s)(?=.*\\S)[^\\x00]*")
        String name,

        @Size(max = 2000) @Pattern(regexp = "(?s)[^\\x00]*") String description,
        @Pattern(regexp = "active|disabled") String status) {}
