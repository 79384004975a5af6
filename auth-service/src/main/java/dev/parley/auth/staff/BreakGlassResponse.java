package dev.parley.auth.staff;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A break-glass grant.
 *
 * @param open whether it can be used now, with the header X-Tenant-ID
 */
public record BreakGlassResponse(
        UUID id,
        TenantId tenantId,
        UUID adminId,
        String reason,
        String ticket,
        Instant openedAt,
        Instant expiresAt,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant endedAt,
        boolean open) {
    static BreakGlassResponse from(BreakGlassGrant grant, Instant now) {
        return new BreakGlassResponse(
                grant.id(),
                grant.tenantId(),
                grant.adminId(),
                grant.reason(),
                grant.ticket(),
                grant.openedAt(),
                grant.expiresAt(),
                grant.endedAt(),
                grant.isLiving(now));
    }
}
