package dev.parley.auth.tenant;

import jakarta.validation.constraints.NotNull;

/**
 * A deletion that is meant.
 *
 * @param confirmation the tenant's name, as it is
 */
public record DeleteTenantRequest(@NotNull String confirmation) {}
