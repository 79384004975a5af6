package dev.parley.billing.lifecycle;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** The plan to change to. */
record ChangeRequest(@NotBlank @Size(max = 64) String plan) {}
