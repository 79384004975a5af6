package dev.parley.auth.audit;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the caller's audit trail.
 *
 * @param seq its place, without gaps from 1
 * @param actorName who that is, in words, where it is known; no part of the entry
 * @param ticket the support case that Parley's staff named
 * @param staff whether Parley's staff did it
 * @param accessId the break-glass grant under which it was read
 * @param previousHash the hash of the entry before it
 * @param hash SHA-256 over the previous hash and this entry
 */
public record AuditLogResponse(
        long seq,
        Instant at,
        String actor,
        @Nullable String actorName,
        String action,
        ResourceResponse resource,
        @JsonRawValue @Nullable String before,
        @JsonRawValue @Nullable String after,
        @Nullable String reason,
        @Nullable String ticket,
        boolean staff,
        @Nullable UUID accessId,
        @Nullable UUID operationId,
        String previousHash,
        String hash) {
    /** What was changed or looked at. */
    public record ResourceResponse(String type, @Nullable String id) {}

    static AuditLogResponse from(AuditLogEntry entry, @Nullable String actorName) {
        AuditFact fact = entry.fact();
        return new AuditLogResponse(
                entry.seq(),
                fact.at(),
                fact.actor(),
                actorName,
                fact.action(),
                new ResourceResponse(fact.resourceType(), fact.resourceId()),
                fact.before(),
                fact.after(),
                fact.reason(),
                fact.ticket(),
                fact.staff(),
                fact.accessId(),
                fact.operationId(),
                entry.previousHash(),
                entry.hash());
    }
}
