package dev.parley.auth.member;

import dev.parley.auth.tenant.TenantStatus;
import dev.parley.platform.tenancy.TenantId;

/** That a person belongs to a tenant. */
public record Membership(TenantId tenant, String tenantName, TenantStatus tenantStatus, Role role) {}
