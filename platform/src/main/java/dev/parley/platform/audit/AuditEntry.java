package dev.parley.platform.audit;

import org.jspecify.annotations.Nullable;

/**
 * What somebody did or looked at.
 *
 * @param action {@code <resource>.<verb>}, for example {@code api-key.create} or {@code tenant.read}
 * @param before the state before, without secrets, as anything that JSON can hold; null for creations and reads
 * @param after the state after, likewise; null for deletions and reads
 * @param reason why, where the action needs a reason
 * @param ticket the support case behind it, where staff named one
 */
public record AuditEntry(
        String action,
        String resourceType,
        String resourceId,
        @Nullable Object before,
        @Nullable Object after,
        @Nullable String reason,
        @Nullable String ticket) {
    /** An entry without a support case. */
    public AuditEntry(
            String action,
            String resourceType,
            String resourceId,
            @Nullable Object before,
            @Nullable Object after,
            @Nullable String reason) {
        this(action, resourceType, resourceId, before, after, reason, null);
    }

    /** A look, which changes nothing. */
    public static AuditEntry look(String action, String resourceType, String resourceId, AccessReason why) {
        return new AuditEntry(action, resourceType, resourceId, null, null, why.reason(), why.ticket());
    }
}
