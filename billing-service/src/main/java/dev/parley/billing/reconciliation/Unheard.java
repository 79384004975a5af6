package dev.parley.billing.reconciliation;

import dev.parley.platform.tenancy.TenantId;

/** What a provider has of a tenant and our books do not tell of. */
record Unheard(TenantId tenant, Listed listed, Finding finding) {}
