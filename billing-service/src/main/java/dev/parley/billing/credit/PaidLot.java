package dev.parley.billing.credit;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A lot as a refund needs it.
 *
 * @param credits what it was granted with
 * @param expiresAt when what is unspent ends, or null for never
 * @param open whether nobody has asked to close it yet
 * @param paid what was paid for it, or null when it was free
 */
public record PaidLot(
        UUID id,
        CreditSource source,
        long credits,
        @Nullable Instant expiresAt,
        boolean open,
        @Nullable LotPayment paid) {}
