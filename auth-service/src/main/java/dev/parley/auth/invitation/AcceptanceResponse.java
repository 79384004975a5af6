package dev.parley.auth.invitation;

import dev.parley.auth.member.Role;
import dev.parley.platform.tenancy.TenantId;

/** The membership that an accepted invitation gave. */
public record AcceptanceResponse(TenantId tenantId, Role role) {}
