package dev.parley.billing.checkout;

import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;

/** A checkout whose provider has to be asked. */
public record PendingCheckout(TenantId tenant, UUID id) {}
