package dev.parley.billing.invoice;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;

/**
 * A line of an invoice that is overage.
 *
 * @param chargeId the charge that it is
 * @param periodStart start of the period in which the credits were used
 * @param net without taxes, in minor units
 */
@RegisterForReflection
record InvoiceOverage(UUID chargeId, String description, Instant periodStart, Instant periodEnd, long net) {}
