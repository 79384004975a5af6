package dev.parley.policy.hold;

import dev.parley.policy.hold.HoldRow.State;
import dev.parley.policy.hold.Tally.Backing;
import dev.parley.policy.lease.HoldToken;
import dev.parley.policy.lease.LeasedHold;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Ends holds of one tenant, one after the other, on what the locked rows say. Pure: it says which rows to write.
 *
 * <p>A hold in a lease leaves it when the operation's row is made, and only then: whoever makes the row takes the
 * credits out of the lease, and whoever finds one takes nothing. The exception is a replica that has the hold in its own
 * memory, because nobody else can end it there.
 */
final class Closing {
    private static final Duration TOKEN_COUNTS = Duration.ofHours(12);

    private final Tally tally;
    private final Map<UUID, HoldRow> rows;
    private final Map<UUID, HoldToken> decided;
    private final Set<UUID> found;
    private final Map<UUID, HoldRow> changed = new LinkedHashMap<>();

    /**
     * On these rows.
     *
     * @param rows the operations' rows that there are
     * @param decided of operations without a row, what the decision log says of their hold in a lease
     */
    Closing(Tally tally, Map<UUID, HoldRow> rows, Map<UUID, HoldToken> decided) {
        this.tally = tally;
        this.rows = new HashMap<>(rows);
        this.decided = decided;
        this.found = new HashSet<>(rows.keySet());
    }

    /**
     * What became of it.
     *
     * @param row the operation's row afterwards; null when there is none
     * @param was what the row's state was; null when there was none
     * @param done whether this ending did it
     * @param at when, by the database's clock
     * @param warnedBefore the threshold that was announced before
     */
    record Ended(
            @Nullable HoldRow row,
            @Nullable State was,
            boolean done,
            Instant at,
            int warnedBefore,
            int warned,
            long remaining,
            long inUse,
            long granted) {}

    /** Whether somebody must give back first what is set aside for nobody, so that this can be paid in full. */
    boolean isShort(Ending ending) {
        return ending instanceof Ending.Settle settle
                && (rows.get(settle.operation()) == null
                        || rows.get(settle.operation()).state() != State.SETTLED)
                && tally.isShortOf(settle.price(), backing(settle), settle.cap());
    }

    /** Ends one. */
    Ended apply(Ending ending) {
        HoldRow before = rows.get(ending.operation());
        int warnedBefore = tally.warned();
        HoldRow after =
                switch (ending) {
                    case Ending.Settle settle -> settle(before, settle);
                    case Ending.Release release -> release(before, release);
                    case Ending.Expire expire -> expire(before, expire);
                    case Ending.Keep keep -> keep(before, keep);
                };
        boolean done = after != before;
        if (done && after != null) {
            rows.put(after.operation(), after);
            changed.put(after.operation(), after);
        }
        return new Ended(
                after,
                before == null ? null : before.state(),
                done,
                tally.at(),
                warnedBefore,
                tally.warned(),
                tally.remaining(),
                tally.inUse(),
                tally.granted());
    }

    private @Nullable HoldRow settle(@Nullable HoldRow before, Ending.Settle settle) {
        if (before != null && before.state() == State.SETTLED) {
            return before;
        }
        HoldRow open = before == null ? opened(settle) : before;
        if (open == null) {
            return null;
        }
        Backing own = backing(settle);
        long charged = tally.charge(settle.price(), own, settle.cap(), settle.counted());
        SettlementRequest request = settle.request();
        String conversation = request.conversationId() == null
                ? null
                : request.conversationId().toString();
        return out(own, open, settle).settled(settle.price(), charged, settle.lines(), request.userId(), conversation);
    }

    private @Nullable HoldRow release(@Nullable HoldRow before, Ending.Release release) {
        if (before != null && before.state() != State.HELD) {
            return before;
        }
        HoldRow open = before == null ? opened(release) : before;
        if (open == null) {
            return null;
        }
        Backing own = backing(release);
        tally.free(own);
        return out(own, open, release).released(release.reason());
    }

    private @Nullable HoldRow expire(@Nullable HoldRow before, Ending.Expire expire) {
        boolean rowRunsOut = before != null && before.state() == State.HELD && before.due();
        if (before != null && !rowRunsOut) {
            return before;
        }
        HoldRow open = before == null ? opened(expire) : before;
        if (open == null) {
            return null;
        }
        Backing own = backing(expire);
        tally.free(own);
        return out(own, open, expire).expired();
    }

    private @Nullable HoldRow keep(@Nullable HoldRow before, Ending.Keep keep) {
        Backing own = backing(keep);
        HoldRow open = opened(keep);
        if (before != null || open == null || own.lease() == null) {
            return before;
        }
        tally.settleDown(own);
        return out(own, open, keep);
    }

    /** The row with what has left a lease; that of a row which was there is the hold in this replica's memory. */
    private HoldRow out(Backing own, HoldRow open, Ending ending) {
        LeasedHold live = ending.known().live();
        boolean wasThere = rows.containsKey(ending.operation());
        return open.outOf(own, wasThere && live != null ? live.decision() : open.decision());
    }

    /** What the operation has set aside; see the class. */
    private Backing backing(Ending ending) {
        HoldRow row = rows.get(ending.operation());
        LeasedHold live = ending.known().live();
        if (row == null) {
            HoldToken hold = hold(ending);
            return hold == null ? Backing.NONE : tally.inLease(hold.lease(), hold.credits());
        }
        if (row.state() == State.HELD) {
            return row.backing();
        }
        boolean stillInMemory = live != null && !row.outOfLeases().contains(live.decision());
        return stillInMemory ? tally.inLease(live.lease(), live.credits()) : Backing.NONE;
    }

    private @Nullable HoldToken hold(Ending ending) {
        HoldToken hold = ending.known().hold();
        return counts(hold, tally.at()) ? hold : decided.get(ending.operation());
    }

    /** Whether a hold's name is young enough to go by. */
    static boolean counts(@Nullable HoldToken hold, Instant at) {
        return hold != null && at.isBefore(hold.expiresAt().plus(TOKEN_COUNTS));
    }

    /** The row that an operation would have whose hold is in a lease. */
    private @Nullable HoldRow opened(Ending ending) {
        HoldToken hold = hold(ending);
        LeasedHold live = ending.known().live();
        return hold == null
                ? null
                : new HoldRow(
                        ending.operation(),
                        hold.decision(),
                        State.HELD,
                        hold.credits(),
                        Map.of(),
                        null,
                        false,
                        hold.agent(),
                        hold.channel(),
                        live == null ? null : live.userId(),
                        live == null ? null : live.conversationId(),
                        hold.expiresAt(),
                        null,
                        null,
                        null,
                        null,
                        Set.of());
    }

    Tally tally() {
        return tally;
    }

    /** The rows to insert. */
    Collection<HoldRow> added() {
        return select(false);
    }

    /** The rows to change. */
    Collection<HoldRow> changed() {
        return select(true);
    }

    private List<HoldRow> select(boolean existed) {
        List<HoldRow> selected = new ArrayList<>();
        changed.forEach((operation, row) -> {
            if (found.contains(operation) == existed) {
                selected.add(row);
            }
        });
        return selected;
    }
}
