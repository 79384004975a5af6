package dev.parley.billing.invoice;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.billing.money.Money;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An invoice over what a payment provider charged, or a credit note over what went back of it; also how the API lists
 * it.
 *
 * @param kind invoice or credit_note
 * @param number ours, without gaps per organisation and year; null while it is a draft, or for nothing
 * @param providerNumber the number that the provider gave it
 * @param status draft, open, paid, void or uncollectible; a credit note is issued, or void when the refund failed
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Invoice(
        UUID id,
        String kind,
        @Nullable String number,
        @Nullable String providerNumber,
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
    boolean isCreditNote() {
        return kind.equals("credit_note");
    }

    @JsonIgnore
    String position() {
        return issuedAt + " " + id;
    }
}
