package dev.parley.policy.credit;

import dev.parley.policy.engine.Standing;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The credits of a tenant: {@code remaining = granted - used - held}, but never below zero; {@code overage} is what
 * was used beyond those granted.
 */
public record CreditsResponse(
        long granted,
        long used,
        long held,
        long remaining,
        long overage,
        @Nullable Instant periodEnd,
        List<LotResponse> lots) {

    static CreditsResponse of(Account account, List<Lot> lots) {
        Standing standing = account.standing();
        return new CreditsResponse(
                standing.granted(),
                standing.used(),
                standing.held(),
                standing.remaining(),
                standing.overage(),
                account.periodEnd(),
                Lot.drained(lots, account.drawn()).stream()
                        .map(LotResponse::from)
                        .toList());
    }

    /** One open lot; lots are listed, and spent, in order of expiry. */
    public record LotResponse(
            UUID id,
            String source,
            long granted,
            long remaining,
            @Nullable Instant expiresAt) {
        static LotResponse from(Lot lot) {
            return new LotResponse(lot.id(), lot.source(), lot.granted(), lot.remaining(), lot.expiresAt());
        }
    }
}
