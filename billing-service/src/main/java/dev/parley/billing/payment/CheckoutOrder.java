package dev.parley.billing.payment;

import dev.parley.billing.plan.Plan;
import dev.parley.platform.tenancy.TenantId;
import java.util.UUID;

/** What a page to pay on is made for. The checkout's id names it for ever, at the provider too. */
public record CheckoutOrder(UUID checkoutId, TenantId tenant, Plan plan, String successUrl, String cancelUrl) {}
