package dev.parley.policy.hold;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** Why a hold is given back. */
public record ReleaseRequest(@NotBlank @Size(max = 200) String reason) {}
