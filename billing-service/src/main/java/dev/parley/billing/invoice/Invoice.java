package dev.parley.billing.invoice;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.parley.billing.money.Money;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An invoice of a payment provider; also how the API shows it.
 *
 * @param number the printed number; null while it is a draft
 * @param status draft, open, paid, void or uncollectible
 */
public record Invoice(
        UUID id,
        @Nullable String number,
        String status,
        Money total,
        String plan,
        int planVersion,
        String provider,
        Instant periodStart,
        Instant periodEnd,
        Instant issuedAt,
        @Nullable Instant paidAt) {

    @JsonIgnore
    String position() {
        return issuedAt + " " + id;
    }
}
