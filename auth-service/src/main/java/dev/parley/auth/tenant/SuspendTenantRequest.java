package dev.parley.auth.tenant;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** Why a tenant is suspended or restored; the tenant reads it in its audit trail. */
public record SuspendTenantRequest(
        @NotBlank @Size(max = 1000) String reason) {}
