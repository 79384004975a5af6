package dev.parley.billing.reconciliation;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What to reconcile: one tenant, or all. */
record ReconciliationRequest(@Nullable UUID tenantId) {}
