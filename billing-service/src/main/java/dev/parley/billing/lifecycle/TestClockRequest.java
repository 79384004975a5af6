package dev.parley.billing.lifecycle;

import jakarta.validation.constraints.NotNull;
import java.time.Instant;

/** The time that a tenant's clock shall show. */
record TestClockRequest(@NotNull Instant at) {}
