package dev.parley.billing.credit;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Credits that were granted together.
 *
 * @param expiresAt when what is unspent ends, or null for never
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CreditLot(
        UUID id,
        CreditSource source,
        long credits,
        @Nullable Instant expiresAt,
        @Nullable String reason) {}
