package dev.parley.auth.proof;

import static dev.parley.auth.proof.Fault.Kind.ALTERED;
import static dev.parley.auth.proof.Fault.Kind.FORGED_HEAD;
import static dev.parley.auth.proof.Fault.Kind.INSERTED;
import static dev.parley.auth.proof.Fault.Kind.MISSING;
import static dev.parley.auth.proof.Fault.Kind.REWRITTEN;
import static dev.parley.auth.proof.Fault.Kind.SWAPPED;
import static dev.parley.auth.proof.Fault.Kind.TRUNCATED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.auth.audit.AuditFact;
import dev.parley.auth.audit.AuditLogEntry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ChainVerifierTest {
    private static final int LENGTH = 40;
    private static final List<AuditLogEntry> SOUND = Trail.of(LENGTH);
    private static final List<SignedHead> HEADS = List.of(Trail.head(SOUND, 12), Trail.head(SOUND, LENGTH));

    private final List<AuditLogEntry> entries = new ArrayList<>(SOUND);

    private List<Fault> faults() {
        return Trail.faults(entries, HEADS);
    }

    private static AuditLogEntry moved(AuditLogEntry entry, long seq) {
        return new AuditLogEntry(seq, entry.fact(), entry.previousHash(), entry.hash());
    }

    @Test
    void soundTrailHasNoFaultWithAndWithoutHeads() {
        assertThat(faults()).isEmpty();
        assertThat(Trail.faults(entries, List.of())).isEmpty();
        assertThat(Trail.faults(List.of(), List.of())).isEmpty();
        assertThat(Trail.faults(Trail.of(LENGTH + 5), HEADS))
                .as("entries above the head")
                .isEmpty();
    }

    /** Ten thousand random bits, in every column: each is found, and at its entry. */
    @Test
    void everyFlippedBitIsFoundAtItsEntry() {
        List<AuditLogEntry> trail = new ArrayList<>(SOUND.subList(0, 6));
        List<SignedHead> head = List.of(Trail.head(trail, 6));
        Random random = new Random(20261121);
        for (int i = 0; i < 10_000; i++) {
            int at = random.nextInt(trail.size());
            AuditLogEntry before = trail.get(at);
            AuditLogEntry after = Flip.random(before, random);
            trail.set(at, after);

            List<Fault> faults = Trail.faults(trail, head);

            if (before.seq() == after.seq()) {
                assertThat(faults)
                        .as(() -> before + " became " + after)
                        .containsExactly(new Fault(before.seq(), ALTERED));
            } else {
                assertThat(faults)
                        .as(() -> before + " became " + after)
                        .extracting(Fault::seq)
                        .containsAnyOf(before.seq(), after.seq());
            }
            trail.set(at, before);
        }
    }

    @Test
    void deletedEntriesAreMissingWhereTheyWere() {
        entries.remove(19);
        assertThat(faults()).containsExactly(new Fault(20, MISSING));

        entries.removeFirst();
        assertThat(faults()).containsExactly(new Fault(1, MISSING), new Fault(20, MISSING));
    }

    @Test
    void deletedEntryIsMissingEvenWhenThoseAfterItCloseTheGap() {
        entries.remove(19);
        for (int i = 19; i < LENGTH - 1; i++) {
            entries.set(i, moved(entries.get(i), i + 1));
        }

        assertThat(faults()).contains(new Fault(20, MISSING)).doesNotContain(new Fault(21, ALTERED));
    }

    @Test
    void insertedEntryIsFoundWhetherItFitsOrNot() {
        for (String previous : List.of(SOUND.get(18).hash(), "f".repeat(64))) {
            entries.clear();
            entries.addAll(SOUND.subList(0, 19));
            entries.add(Trail.chained(Trail.fact(99, "made up"), previous, 20));
            SOUND.subList(19, LENGTH).forEach(entry -> entries.add(moved(entry, entry.seq() + 1)));

            assertThat(faults()).containsExactly(new Fault(20, INSERTED));
        }
        entries.clear();
        entries.addAll(SOUND);
        entries.add(Trail.chained(Trail.fact(99, "made up"), "f".repeat(64), LENGTH + 1));
        assertThat(faults()).containsExactly(new Fault(LENGTH + 1, INSERTED));

        entries.set(LENGTH, Trail.chained(Trail.fact(99, "made up"), AuditFact.GENESIS, 0));
        assertThat(faults()).containsExactly(new Fault(0, INSERTED));
    }

    @Test
    void swappedEntriesAreFoundAtBothPlaces() {
        for (int[] pair : new int[][] {{3, 4}, {5, 30}, {LENGTH - 2, LENGTH - 1}, {0, LENGTH - 1}, {10, 26}}) {
            AuditLogEntry one = SOUND.get(pair[0]);
            AuditLogEntry other = SOUND.get(pair[1]);
            entries.set(pair[0], moved(other, one.seq()));
            entries.set(pair[1], moved(one, other.seq()));
            assertThat(faults())
                    .as("rows %d and %d", pair[0], pair[1])
                    .containsExactly(new Fault(one.seq(), SWAPPED), new Fault(other.seq(), SWAPPED));

            entries.set(pair[0], new AuditLogEntry(one.seq(), other.fact(), one.previousHash(), one.hash()));
            entries.set(pair[1], new AuditLogEntry(other.seq(), one.fact(), other.previousHash(), other.hash()));
            assertThat(faults())
                    .as("contents of %d and %d", pair[0], pair[1])
                    .containsExactly(new Fault(one.seq(), SWAPPED), new Fault(other.seq(), SWAPPED));

            entries.set(pair[0], one);
            entries.set(pair[1], other);
        }
    }

    @Test
    void cutTailIsFoundByTheHeadAlone() {
        entries.subList(30, LENGTH).clear();
        assertThat(faults()).containsExactly(new Fault(31, TRUNCATED));
        assertThat(Trail.faults(entries, List.of(HEADS.getFirst())))
                .as("what no head has seen nobody can miss")
                .isEmpty();

        entries.clear();
        assertThat(faults()).containsExactly(new Fault(1, TRUNCATED));
    }

    @Test
    void rewrittenTrailIsFoundByTheHeadAloneAndLocatedBetweenHeads() {
        List<AuditLogEntry> other = Trail.of(LENGTH, " otherwise");
        assertThat(Trail.faults(other, List.of())).isEmpty();
        assertThat(Trail.faults(other, HEADS)).contains(new Fault(1, REWRITTEN));

        entries.subList(20, LENGTH).clear();
        String previous = entries.getLast().hash();
        for (int seq = 21; seq <= LENGTH; seq++) {
            AuditLogEntry entry = Trail.chained(Trail.fact(seq, " otherwise"), previous, seq);
            entries.add(entry);
            previous = entry.hash();
        }
        assertThat(faults()).as("after the last head that agrees").containsExactly(new Fault(13, REWRITTEN));
    }

    @Test
    void entryReplacedWithItsHashIsFoundByItsNeighbour() {
        entries.set(
                19, Trail.chained(Trail.fact(20, " otherwise"), SOUND.get(18).hash(), 20));
        assertThat(faults()).contains(new Fault(20, REWRITTEN));

        entries.set(19, Trail.chained(Trail.fact(20, " otherwise"), "e".repeat(64), 20));
        assertThat(faults()).containsExactly(new Fault(20, REWRITTEN));
    }

    @Test
    void headThatNobodySignedIsNamed() {
        SignedHead forged = new SignedHead(LENGTH, SOUND.getLast().hash(), Instant.EPOCH, "made up");
        assertThat(Trail.faults(entries, List.of(forged))).containsExactly(new Fault(LENGTH, FORGED_HEAD));

        SignedHead beyond = new SignedHead(LENGTH + 9, "a".repeat(64), Instant.EPOCH, "made up");
        assertThat(Trail.faults(entries, List.of(HEADS.getLast(), beyond)))
                .containsExactly(new Fault(LENGTH + 9, FORGED_HEAD));
    }

    /** One bit of one column of one entry. */
    private static final class Flip {
        static AuditLogEntry random(AuditLogEntry entry, Random random) {
            while (true) {
                AuditLogEntry flipped = column(entry, random.nextInt(15), random);
                if (!flipped.equals(entry)) {
                    return flipped;
                }
            }
        }

        private static AuditLogEntry column(AuditLogEntry entry, int column, Random random) {
            AuditFact f = entry.fact();
            return switch (column) {
                case 0 ->
                    new AuditLogEntry(entry.seq() ^ 1L << random.nextInt(62), f, entry.previousHash(), entry.hash());
                case 1 -> new AuditLogEntry(entry.seq(), f, text(entry.previousHash(), random), entry.hash());
                case 2 -> new AuditLogEntry(entry.seq(), f, entry.previousHash(), text(entry.hash(), random));
                default -> new AuditLogEntry(entry.seq(), fact(f, column, random), entry.previousHash(), entry.hash());
            };
        }

        private static AuditFact fact(AuditFact f, int column, Random r) {
            return new AuditFact(
                    column == 3 ? id(f.eventId(), r) : f.eventId(),
                    column == 4 ? f.at().plusNanos(1000L << r.nextInt(30)) : f.at(),
                    column == 5 ? text(f.actor(), r) : f.actor(),
                    column == 6 ? text(f.action(), r) : f.action(),
                    column == 7 ? text(f.resourceType(), r) : f.resourceType(),
                    column == 8 ? text(f.resourceId(), r) : f.resourceId(),
                    column == 9 ? text(f.before(), r) : f.before(),
                    column == 10 ? text(f.after(), r) : f.after(),
                    column == 11 ? text(f.reason(), r) : f.reason(),
                    column == 12 ? id(f.operationId(), r) : f.operationId(),
                    column == 13 ? text(f.ticket(), r) : f.ticket(),
                    column == 14 ? !f.staff() : f.staff(),
                    f.accessId() != null && column == 14 ? id(f.accessId(), r) : f.accessId());
        }

        private static UUID id(UUID id, Random random) {
            return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() ^ 1L << random.nextInt(64));
        }

        private static String text(String text, Random random) {
            if (text == null) {
                return random.nextBoolean() ? "x" : null;
            }
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(7));
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
