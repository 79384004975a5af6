package dev.parley.auth.proof;

import dev.parley.auth.audit.AuditFact;
import dev.parley.auth.audit.AuditLogEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Trails for tests, made as the service makes them. */
final class Trail {
    private static final Instant START = Instant.parse("2026-11-21T10:00:00.123456Z");

    private Trail() {}

    /** A sound trail of that length. */
    static List<AuditLogEntry> of(int length) {
        return of(length, "");
    }

    /** A sound trail that says something else. */
    static List<AuditLogEntry> of(int length, String other) {
        List<AuditLogEntry> entries = new ArrayList<>();
        String previous = AuditFact.GENESIS;
        for (int seq = 1; seq <= length; seq++) {
            AuditLogEntry entry = chained(fact(seq, other), previous, seq);
            entries.add(entry);
            previous = entry.hash();
        }
        return entries;
    }

    static AuditLogEntry chained(AuditFact fact, String previous, long seq) {
        return new AuditLogEntry(seq, fact, previous, fact.hash(previous, seq));
    }

    static AuditFact fact(int seq, String other) {
        boolean staff = seq % 3 == 0;
        return new AuditFact(
                new UUID(7, seq),
                START.plusSeconds(seq),
                new UUID(9, seq % 4).toString(),
                "api-key.create",
                "api-key",
                new UUID(8, seq).toString(),
                seq % 2 == 0 ? "{\"name\":\"old " + seq + "\"}" : null,
                "{\"name\":\"Zähler \\\"" + seq + other + "\\\"\",\"scopes\":[\"chat\"]}",
                seq % 5 == 0 ? "because\tof " + seq : null,
                new UUID(6, seq),
                staff ? "T-" + seq : null,
                staff,
                staff ? new UUID(5, seq) : null);
    }

    /** The head of a trail at one place; its JWS is the word that the tests take for a signature. */
    static SignedHead head(List<AuditLogEntry> entries, int seq) {
        return new SignedHead(seq, entries.get(seq - 1).hash(), START, "genuine");
    }

    /** The verdict on entries that may be in any order, against heads. */
    static List<Fault> faults(List<AuditLogEntry> entries, List<SignedHead> heads) {
        ChainVerifier verifier = new ChainVerifier(head -> head.jws().equals("genuine"));
        heads.forEach(verifier::expect);
        entries.stream()
                .sorted((one, other) -> Long.compare(one.seq(), other.seq()))
                .forEach(verifier::accept);
        return verifier.faults();
    }
}
