package dev.parley.billing.payment;

import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;

/** Our own names, which the provider keeps with an object for us. */
public record CheckoutReference(TenantId tenant, UUID checkoutId) {}
