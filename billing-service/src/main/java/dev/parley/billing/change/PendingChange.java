package dev.parley.billing.change;

import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;

/** A change of plan whose provider has to be asked. */
public record PendingChange(TenantId tenant, UUID id) {}
