package dev.parley.auth.audit;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the caller's audit trail.
 *
 * @param seq its place, without gaps from 1
 * @param previousHash the hash of the entry before it
 * @param hash SHA-256 over the previous hash and this entry
 */
public record AuditLogResponse(
        long seq,
        Instant at,
        String actor,
        String action,
        ResourceResponse resource,
        @JsonRawValue @Nullable String before,
        @JsonRawValue @Nullable String after,
        @Nullable String reason,
        @Nullable UUID operationId,
        String previousHash,
        String hash) {
    /** What was changed or looked at. */
    public record ResourceResponse(String type, @Nullable String id) {}

    static AuditLogResponse from(AuditLogEntry entry) {
        AuditFact fact = entry.fact();
        return new AuditLogResponse(
                entry.seq(),
                fact.at(),
                fact.actor(),
                fact.action(),
                new ResourceResponse(fact.resourceType(), fact.resourceId()),
                fact.before(),
                fact.after(),
                fact.reason(),
                fact.operationId(),
                entry.previousHash(),
                entry.hash());
    }
}
