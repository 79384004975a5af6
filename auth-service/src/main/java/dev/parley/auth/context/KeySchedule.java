package dev.parley.auth.context;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * When keys sign and when they are published. Keys follow each other: one signs until the next one's time comes. A key
 * is published from its making, which is the overlap before it signs, until the overlap after its last signature.
 *
 * @param signingFrom since when each key signs, ascending
 */
record KeySchedule(List<Instant> signingFrom, Duration lifetime, Duration overlap) {
    /** When the key that must be made now shall begin to sign; empty when none must be made. */
    Optional<Instant> due(Instant now) {
        if (signingFrom.isEmpty()) {
            return Optional.of(now);
        }
        Instant successor = signingFrom.getLast().plus(lifetime);
        if (now.isBefore(successor.minus(overlap))) {
            return Optional.empty();
        }
        Instant published = now.plus(overlap);
        return Optional.of(successor.isAfter(published) ? successor : published);
    }

    /** The place of the key that signs now. */
    int signing(Instant now) {
        int place = 0;
        for (int i = 0; i < signingFrom.size(); i++) {
            place = signingFrom.get(i).isAfter(now) ? place : i;
        }
        return place;
    }

    /** The places of the keys that verifiers must know now. */
    List<Integer> published(Instant now) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < signingFrom.size(); i++) {
            boolean last = i == signingFrom.size() - 1;
            if (last || signingFrom.get(i + 1).plus(overlap).isAfter(now)) {
                places.add(i);
            }
        }
        return places;
    }
}
