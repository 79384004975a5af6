package dev.parley.policy.credit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Credits that were granted together and end together. */
record Lot(
        UUID id,
        String source,
        long granted,
        long remaining,
        @Nullable Instant expiresAt) {
    /** The lots, given in order of expiry, after {@code drawn} credits were taken from the first that have some. */
    static List<Lot> drained(List<Lot> lots, long drawn) {
        long left = drawn;
        List<Lot> drained = new ArrayList<>(lots.size());
        for (Lot lot : lots) {
            long taken = Math.min(left, lot.remaining());
            left -= taken;
            drained.add(new Lot(lot.id(), lot.source(), lot.granted(), lot.remaining() - taken, lot.expiresAt()));
        }
        return drained;
    }
}
