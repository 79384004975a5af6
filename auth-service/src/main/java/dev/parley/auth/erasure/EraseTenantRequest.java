package dev.parley.auth.erasure;

import jakarta.validation.constraints.NotNull;

/**
 * The wish to erase the own tenant.
 *
 * @param confirmation the tenant's name, as it is
 */
public record EraseTenantRequest(@NotNull String confirmation) {}
