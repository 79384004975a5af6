package dev.parley.billing.outbound;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The balance of a tenant as policy keeps it.
 *
 * @param available not spent yet, held or not
 * @param lots open and closed ones
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record PolicyBalances(long granted, long available, long held, List<Lot> lots) {

    /**
     * One lot.
     *
     * @param unspent what was left when it was closed, or null while it is open
     */
    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Lot(
            UUID id,
            String source,
            long granted,
            long remaining,
            @Nullable Long unspent) {}
}
