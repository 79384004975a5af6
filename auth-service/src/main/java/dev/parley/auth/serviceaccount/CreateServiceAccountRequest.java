package dev.parley.auth.serviceaccount;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** A service account to make. */
public record CreateServiceAccountRequest(
        @NotBlank @Size(max = 100) String name,
        @Nullable @Size(max = 500) String description) {}
