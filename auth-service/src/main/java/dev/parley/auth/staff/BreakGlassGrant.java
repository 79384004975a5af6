package dev.parley.auth.staff;

import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The right of one member of Parley's staff to read one tenant's individual records for a while.
 *
 * @param endedAt when it ended, or null while nobody and no sweep has ended it
 */
public record BreakGlassGrant(
        UUID id,
        TenantId tenantId,
        UUID adminId,
        String reason,
        String ticket,
        Instant openedAt,
        Instant expiresAt,
        @Nullable Instant endedAt) {
    boolean isLiving(Instant now) {
        return endedAt == null && now.isBefore(expiresAt);
    }
}
