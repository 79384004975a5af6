package dev.parley.policy.hold;

import dev.parley.policy.rating.RatedLine;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An operation's row.
 *
 * @param decision the decision that made the hold
 * @param due whether a hold has run out
 * @param outOfLeases the decisions whose holds' credits have left their lease
 */
record HoldRow(
        UUID operation,
        UUID decision,
        State state,
        long credits,
        Map<String, Long> claims,
        @Nullable Instant claimedIn,
        boolean due,
        String agent,
        String channel,
        @Nullable String userId,
        @Nullable String conversationId,
        Instant expiresAt,
        @Nullable Long rated,
        @Nullable Long charged,
        @Nullable List<RatedLine> lines,
        @Nullable String closeReason,
        Set<UUID> outOfLeases) {
    enum State {
        HELD,
        SETTLED,
        RELEASED,
        EXPIRED
    }

    Tally.Backing backing() {
        return state == State.HELD ? new Tally.Backing(credits, null, claims, claimedIn) : Tally.Backing.NONE;
    }

    /** The same with that many credits, which left a lease. */
    HoldRow outOf(Tally.Backing own, UUID leaseDecision) {
        if (own.lease() == null) {
            return this;
        }
        Set<UUID> gone = new TreeSet<>(outOfLeases);
        gone.add(leaseDecision);
        return new HoldRow(
                operation,
                leaseDecision,
                state,
                own.credits(),
                claims,
                claimedIn,
                due,
                agent,
                channel,
                userId,
                conversationId,
                expiresAt,
                rated,
                charged,
                lines,
                closeReason,
                gone);
    }

    HoldRow released(String reason) {
        return ended(State.RELEASED, reason);
    }

    HoldRow expired() {
        return ended(State.EXPIRED, null);
    }

    private HoldRow ended(State now, @Nullable String reason) {
        return new HoldRow(
                operation,
                decision,
                now,
                credits,
                claims,
                claimedIn,
                false,
                agent,
                channel,
                userId,
                conversationId,
                expiresAt,
                null,
                null,
                null,
                reason,
                outOfLeases);
    }

    HoldRow settled(
            long price, long taken, List<RatedLine> rows, @Nullable String user, @Nullable String conversation) {
        return new HoldRow(
                operation,
                decision,
                State.SETTLED,
                credits,
                claims,
                claimedIn,
                false,
                agent,
                channel,
                userId == null ? user : userId,
                conversationId == null ? conversation : conversationId,
                expiresAt,
                price,
                taken,
                rows,
                state == State.HELD ? null : state.name().toLowerCase(Locale.ROOT),
                outOfLeases);
    }
}
