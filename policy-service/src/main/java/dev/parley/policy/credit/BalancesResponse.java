package dev.parley.policy.credit;

import dev.parley.policy.engine.Standing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The balance of a tenant as it is kept, for whoever compares it with the ledger.
 *
 * @param granted credits of open lots, as granted
 * @param available not spent yet, held or not; below zero after overage
 * @param held credits of live holds
 * @param lots all lots, closed ones too, in order of expiry
 */
public record BalancesResponse(long policyVersion, long granted, long available, long held, List<LotBalance> lots) {

    /**
     * One lot.
     *
     * @param remaining what is unspent of it; zero when it is closed
     * @param unspent what was left when it was closed, or null while it is open
     */
    public record LotBalance(
            UUID id,
            String source,
            long granted,
            long remaining,
            @Nullable Long unspent,
            @Nullable Instant expiresAt) {}

    static BalancesResponse of(Account account, List<Lot> open, List<LotBalance> closed) {
        Standing standing = account.standing();
        List<LotBalance> lots = new ArrayList<>(Lot.drained(open, account.drawn()).stream()
                .map(lot ->
                        new LotBalance(lot.id(), lot.source(), lot.granted(), lot.remaining(), null, lot.expiresAt()))
                .toList());
        lots.addAll(closed);
        return new BalancesResponse(
                account.policyVersion(), standing.granted(), standing.available(), standing.held(), lots);
    }
}
