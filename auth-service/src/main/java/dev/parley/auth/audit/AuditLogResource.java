package dev.parley.auth.audit;

import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The audit trail of the caller's tenant; for admins and owners. */
@Path("/api/v1/audit-log")
@RunOnVirtualThread
@Tag(name = "Audit")
public class AuditLogResource {
    private final AuditLogService trail;
    private final CurrentCaller caller;

    AuditLogResource(AuditLogService trail, CurrentCaller caller) {
        this.trail = trail;
        this.caller = caller;
    }

    /** Lists entries, the newest first. */
    @GET
    @RolesAllowed("admin")
    @Operation(summary = "Show the audit trail")
    public Page<AuditLogResponse> list(
            @Nullable @QueryParam("from") String from,
            @Nullable @QueryParam("to") String to,
            @Nullable @QueryParam("actor") String actor,
            @Nullable @QueryParam("action") String action,
            @Nullable @QueryParam("cursor") String cursor,
            @Nullable @QueryParam("limit") Integer limit) {
        AuditFilter filter = new AuditFilter(time("from", from), time("to", to), actor, action);
        return trail.list(caller.get(), filter, place(cursor), Cursor.limit(limit));
    }

    private static @Nullable Instant time(String parameter, @Nullable String text) {
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException malformed) {
            throw new Problem(CommonProblem.BAD_REQUEST).detail(parameter + " must be a time as in RFC 3339");
        }
    }

    private static @Nullable Long place(@Nullable String cursor) {
        String position = Cursor.decode(cursor);
        try {
            return position == null ? null : Long.valueOf(position);
        } catch (NumberFormatException malformed) {
            throw new Problem(CommonProblem.BAD_REQUEST).detail("the cursor is not valid");
        }
    }
}
