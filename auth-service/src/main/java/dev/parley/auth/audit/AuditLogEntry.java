package dev.parley.auth.audit;

/** An entry in its place in a tenant's chain. */
public record AuditLogEntry(long seq, AuditFact fact, String previousHash, String hash) {
    /** Whether nothing in the entry was changed since it was written. */
    public boolean isWhole() {
        return isWholeAt(seq);
    }

    /** Whether the entry is whole as the entry of that place: it was moved from there. */
    public boolean isWholeAt(long place) {
        return hash.equals(fact.hash(previousHash, place));
    }
}
