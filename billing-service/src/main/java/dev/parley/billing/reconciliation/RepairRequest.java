package dev.parley.billing.reconciliation;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What to repair.
 *
 * @param driftIds some of the run's drifts, or null for all that have a repair
 */
record RepairRequest(
        @NotBlank @Size(max = 500) String reason,
        @Nullable @Size(max = 1000) List<UUID> driftIds) {

    boolean names(UUID drift) {
        return driftIds == null || driftIds.contains(drift);
    }
}
