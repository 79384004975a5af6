package dev.parley.channel.draft;

import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Says that a draft is not sent, and why. */
public record RejectionRequest(@Nullable @Size(max = 500) String reason) {}
