package dev.parley.channel.draft;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** What is to be sent instead of what the agent wrote. */
public record EditDraftRequest(@NotBlank @Size(max = 32_000) String text) {}
