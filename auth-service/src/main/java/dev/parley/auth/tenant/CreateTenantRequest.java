package dev.parley.auth.tenant;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** Another organisation of the caller. */
public record CreateTenantRequest(@NotBlank @Size(max = 200) String name) {}
