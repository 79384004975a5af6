package dev.parley.auth.audit;

/** An entry in its place in a tenant's chain. */
record AuditLogEntry(long seq, AuditFact fact, String previousHash, String hash) {
    /** Whether the entry is the one that was written after the entry before it. */
    boolean follows(AuditLogEntry before) {
        return seq == before.seq + 1 && previousHash.equals(before.hash) && isWhole();
    }

    /** Whether nothing in the entry was changed since it was written. */
    boolean isWhole() {
        return hash.equals(fact.hash(previousHash, seq));
    }
}
