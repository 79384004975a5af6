package dev.parley.billing.reconciliation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One run; also how the API shows it.
 *
 * @param cause night or demand
 * @param onlyFor the one tenant that was looked at, or null for all
 * @param state running, done or abandoned
 * @param notCompared tenants whose provider or policy did not answer
 * @param drifts how many did not agree
 * @param items what did not agree; null in lists
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Reconciliation(
        UUID id,
        String cause,
        @Nullable UUID onlyFor,
        String state,
        long tenants,
        long notCompared,
        long drifts,
        String startedBy,
        Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable List<Drift> items) {

    Reconciliation with(List<Drift> found) {
        return new Reconciliation(
                id, cause, onlyFor, state, tenants, notCompared, drifts, startedBy, startedAt, finishedAt, found);
    }
}
