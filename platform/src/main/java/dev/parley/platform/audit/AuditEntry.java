package dev.parley.platform.audit;

import org.jspecify.annotations.Nullable;

/**
 * What somebody did or looked at.
 *
 * @param action {@code <resource>.<verb>}, for example {@code api-key.create} or {@code tenant.read}
 * @param before the state before, without secrets, as anything that JSON can hold; null for creations and reads
 * @param after the state after, likewise; null for deletions and reads
 * @param reason why, where the action needs a reason
 */
public record AuditEntry(
        String action,
        String resourceType,
        String resourceId,
        @Nullable Object before,
        @Nullable Object after,
        @Nullable String reason) {}
