package dev.parley.auth.proof;

import dev.parley.auth.audit.AuditFact;
import dev.parley.auth.audit.AuditLogEntry;
import dev.parley.auth.proof.Fault.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Walks a trail once, in the order of its places, and says what is wrong and where. It remembers only what is wrong, so
 * the length of the trail does not matter.
 *
 * <p>An entry that is not whole at its place but at another one was moved. Entries that are all moved by the same
 * distance, to the end of the trail, were renumbered after an insertion or a deletion; others were swapped. Where
 * everything fits together, only a signed head can tell that something was replaced.
 */
final class ChainVerifier {
    private static final int MOST_FAULTS = 100;
    private static final int MOST_SUSPECTS = 200;
    private static final int REACH = 16;

    private final Predicate<SignedHead> genuine;
    private final NavigableMap<Long, Fault> faults = new TreeMap<>();
    private final NavigableMap<Long, AuditLogEntry> suspects = new TreeMap<>();
    private final List<Run> runs = new ArrayList<>();
    private final List<Long> gaps = new ArrayList<>();
    private final List<Long> breaks = new ArrayList<>();
    private final Map<Long, List<SignedHead>> awaited = new HashMap<>();
    private final List<SignedHead> contradicted = new ArrayList<>();
    private final NavigableMap<Long, SignedHead> confirmed = new TreeMap<>();
    private @Nullable AuditLogEntry previous;
    private boolean previousSound;
    private long shift;
    private long entries;
    private long furthestHead;

    /**
     * Makes a verifier of one trail.
     *
     * @param genuine whether a head was signed by Parley
     */
    ChainVerifier(Predicate<SignedHead> genuine) {
        this.genuine = genuine;
    }

    /** Announces a signed head, before its entry comes. */
    void expect(SignedHead head) {
        awaited.computeIfAbsent(head.seq(), seq -> new ArrayList<>()).add(head);
        furthestHead = Math.max(furthestHead, head.seq());
    }

    /** Takes the next entry, in the order of places. */
    void accept(AuditLogEntry entry) {
        entries++;
        long expected = previous == null ? 1 : previous.seq() + 1;
        if (entry.seq() < 1) {
            report(entry.seq(), Kind.INSERTED);
            return;
        }
        boolean gap = entry.seq() > expected;
        if (gap && gaps.size() < MOST_FAULTS) {
            for (long seq = expected; seq < entry.seq() && seq < expected + REACH; seq++) {
                gaps.add(seq);
            }
        }
        boolean sound = place(entry);
        if (sound && !gap) {
            String before = previous == null ? AuditFact.GENESIS : previous.hash();
            if (previousSound || previous == null) {
                if (!entry.previousHash().equals(before) && breaks.size() < MOST_SUSPECTS) {
                    breaks.add(entry.seq());
                }
            }
        }
        List<SignedHead> here = awaited.remove(entry.seq());
        if (here != null) {
            compare(entry, here);
        }
        previous = entry;
        previousSound = sound;
    }

    /** Whether the entry is whole where it stands; remembers it otherwise. */
    private boolean place(AuditLogEntry entry) {
        if (shift == 0 && entry.isWhole()) {
            return true;
        }
        Long distance = distance(entry);
        if (distance != null && distance == 0) {
            shift = 0;
            return true;
        }
        if (distance == null) {
            if (suspects.size() < MOST_SUSPECTS) {
                suspects.put(entry.seq(), entry);
            }
            return false;
        }
        shift = distance;
        Run last = runs.isEmpty() ? null : runs.getLast();
        if (last != null && last.distance == distance && last.to == entry.seq() - 1) {
            last.to = entry.seq();
        } else if (runs.size() < MOST_SUSPECTS) {
            runs.add(new Run(entry.seq(), distance));
        }
        return false;
    }

    private @Nullable Long distance(AuditLogEntry entry) {
        if (entry.isWholeAt(entry.seq() + shift)) {
            return shift;
        }
        for (long step = 0; step <= REACH; step++) {
            if (entry.isWholeAt(entry.seq() - step)) {
                return -step;
            }
            if (entry.isWholeAt(entry.seq() + step)) {
                return step;
            }
        }
        return null;
    }

    private void compare(AuditLogEntry entry, List<SignedHead> here) {
        for (SignedHead head : here) {
            if (head.hash().equals(entry.hash())) {
                confirmed.put(head.seq(), head);
            } else if (contradicted.size() < MOST_FAULTS) {
                contradicted.add(head);
            }
        }
    }

    /** What is wrong, by place; empty when the trail is as it was written. */
    List<Fault> faults() {
        long last = previous == null ? 0 : previous.seq();
        judgeRuns(last);
        judgeSuspects();
        gaps.forEach(seq -> report(seq, Kind.MISSING));
        judgeBreaks();
        judgeHeads(last);
        return faults.values().stream().limit(MOST_FAULTS).toList();
    }

    /** How many entries came. */
    long entries() {
        return entries;
    }

    private void judgeRuns(long last) {
        for (Run run : runs) {
            boolean renumbered = run.to == last && (run.to > run.from || !isOthersPlace(run));
            if (renumbered && run.distance < 0) {
                // What stands just before the renumbered entries has no place in the chain.
                for (long seq = run.from + run.distance; seq < run.from; seq++) {
                    faults.remove(seq);
                    suspects.remove(seq);
                    report(seq, Kind.INSERTED);
                }
            } else if (renumbered) {
                report(run.from, Kind.MISSING);
            } else {
                for (long seq = run.from; seq <= run.to && seq < run.from + MOST_FAULTS; seq++) {
                    report(seq, Kind.SWAPPED);
                }
            }
        }
    }

    /** Whether the place that a single moved entry comes from is held by another moved entry. */
    private boolean isOthersPlace(Run run) {
        long origin = run.from + run.distance;
        return runs.stream().anyMatch(other -> other != run && other.from <= origin && origin <= other.to);
    }

    private void judgeSuspects() {
        List<AuditLogEntry> open = List.copyOf(suspects.values());
        for (AuditLogEntry entry : open) {
            boolean moved = gaps.stream().anyMatch(entry::isWholeAt)
                    || open.stream().anyMatch(other -> other != entry && cameFrom(entry, other));
            report(entry.seq(), moved ? Kind.SWAPPED : Kind.ALTERED);
        }
    }

    /** Whether the entry belongs where the other stands, with its hashes or without them. */
    private static boolean cameFrom(AuditLogEntry entry, AuditLogEntry other) {
        return entry.isWholeAt(other.seq())
                || other.hash().equals(entry.fact().hash(other.previousHash(), other.seq()));
    }

    /**
     * A whole entry that does not name the hash before it. With the link after it broken too, it was replaced itself;
     * otherwise the one before it was, unless a signed head vouches for that one: then this one was put in.
     */
    private void judgeBreaks() {
        for (int i = 0; i < breaks.size(); i++) {
            long seq = breaks.get(i);
            boolean nextToo = i + 1 < breaks.size() && breaks.get(i + 1) == seq + 1;
            Map.Entry<Long, SignedHead> vouched = confirmed.lastEntry();
            if (faults.containsKey(seq) || faults.containsKey(seq - 1)) {
                continue;
            }
            if (nextToo) {
                report(seq, Kind.REWRITTEN);
                i++;
            } else if (vouched != null && vouched.getKey() == seq - 1) {
                report(seq, Kind.INSERTED);
            } else {
                report(Math.max(1, seq - 1), Kind.REWRITTEN);
            }
        }
    }

    private void judgeHeads(long last) {
        if (furthestHead > last) {
            List<SignedHead> beyond = awaited.values().stream()
                    .flatMap(List::stream)
                    .filter(head -> head.seq() > last)
                    .toList();
            if (beyond.stream().anyMatch(genuine)) {
                report(last + 1, Kind.TRUNCATED);
            } else {
                beyond.forEach(head -> report(head.seq(), Kind.FORGED_HEAD));
            }
        }
        for (SignedHead head : contradicted) {
            if (!genuine.test(head)) {
                report(head.seq(), Kind.FORGED_HEAD);
            } else if (faults.isEmpty() || faults.firstKey() > head.seq()) {
                Long sound = confirmed.lowerKey(head.seq());
                report(sound == null ? 1 : sound + 1, Kind.REWRITTEN);
            }
        }
        SignedHead newest = confirmed.isEmpty() ? null : confirmed.lastEntry().getValue();
        if (newest != null && !genuine.test(newest)) {
            report(newest.seq(), Kind.FORGED_HEAD);
        }
    }

    private void report(long seq, Kind kind) {
        faults.putIfAbsent(seq, new Fault(seq, kind));
    }

    /** Neighbours that were all moved by the same distance. */
    private static final class Run {
        private final long from;
        private final long distance;
        private long to;

        Run(long from, long distance) {
            this.from = from;
            this.to = from;
            this.distance = distance;
        }
    }
}
