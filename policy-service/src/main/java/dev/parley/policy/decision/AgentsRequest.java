package dev.parley.policy.decision;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;

/** Asks which of some agents a tenant may use on a channel. */
public record AgentsRequest(
        @NotNull @Size(max = 1000) List<@NotBlank @Size(max = 100) String> agents,
        @NotBlank @Size(max = 32) String channel) {}
