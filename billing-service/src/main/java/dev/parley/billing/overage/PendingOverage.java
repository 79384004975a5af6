package dev.parley.billing.overage;

import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;

/** A charge whose provider has to be asked. */
record PendingOverage(TenantId tenant, UUID id) {}
