package dev.parley.billing.usage;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.UUID;

/** One line of the usage log, as the API shows it. */
record UsageLine(
        String usageId,
        UUID operationId,
        Instant at,
        String agent,
        String channel,
        String meter,
        long quantity,
        long credits,
        boolean estimated) {

    @JsonIgnore
    String position() {
        return at + " " + usageId;
    }
}
