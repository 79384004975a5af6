package dev.parley.billing.reconciliation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A finding as it is kept; also how the API shows it.
 *
 * @param echoedAt when policy answered what was asked with a balance that did not agree: before that it is not compensated,
 *     because what explains it may be on its way
 * @param state open, repaired, or gone when it was not there any more when it was to be repaired
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Drift(
        UUID id,
        TenantId tenantId,
        String kind,
        String subject,
        String expected,
        String found,
        Repair repair,
        @Nullable Instant echoedAt,
        String state,
        @Nullable String repairedBy,
        @Nullable Instant repairedAt) {

    /** Whether it may still be explained by what is on its way. */
    @JsonIgnore
    boolean isEarly() {
        return repair == Repair.COMPENSATE && echoedAt == null;
    }

    Finding finding() {
        return new Finding(kind, subject, expected, found, repair);
    }
}
