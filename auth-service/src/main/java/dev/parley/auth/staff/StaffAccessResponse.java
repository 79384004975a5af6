package dev.parley.auth.staff;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.auth.audit.AuditLogResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant is told of Parley's staff.
 *
 * @param open the grants under which somebody can read individual records right now
 * @param items what staff did and looked at, the newest first: entries of the tenant's audit trail
 */
public record StaffAccessResponse(
        List<BreakGlassResponse> open,
        List<AuditLogResponse> items,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String nextCursor) {}
