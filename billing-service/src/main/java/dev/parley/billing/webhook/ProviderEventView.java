package dev.parley.billing.webhook;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event of a payment provider as an operator sees it; also how the API shows it. Its body is not shown.
 *
 * @param state received, applied, ignored or failed
 * @param objectKind what it is about
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProviderEventView(
        String provider,
        String account,
        String eventId,
        String type,
        String objectKind,
        @Nullable String objectId,
        String state,
        int attempts,
        @Nullable String lastError,
        Instant receivedAt,
        @Nullable Instant processedAt) {

    @JsonIgnore
    String position() {
        return receivedAt + " " + eventId;
    }
}
