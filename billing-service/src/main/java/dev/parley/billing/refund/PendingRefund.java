package dev.parley.billing.refund;

import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;

/** A refund whose provider has to be asked. */
record PendingRefund(TenantId tenant, UUID id) {}
