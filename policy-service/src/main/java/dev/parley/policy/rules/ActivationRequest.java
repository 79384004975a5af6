package dev.parley.policy.rules;

import dev.parley.policy.text.Storable;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** Puts a version in force, and says why. */
public record ActivationRequest(
        @NotBlank @Storable @Size(max = 1000) String reason) {}
