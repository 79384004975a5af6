package dev.parley.auth.audit;

import dev.parley.platform.paging.Cursor;
import jakarta.ws.rs.QueryParam;
import org.jspecify.annotations.Nullable;

/** The query of a list of audit entries, as it came; each part narrows the list, and all may be left out. */
public record AuditLogQuery(
        @Nullable @QueryParam("from") String from,
        @Nullable @QueryParam("to") String to,
        @Nullable @QueryParam("actor") String actor,
        @Nullable @QueryParam("action") String action,
        @Nullable @QueryParam("resource_type") String resourceType,
        @Nullable @QueryParam("resource_id") String resourceId,
        @Nullable @QueryParam("q") String text,
        @Nullable @QueryParam("cursor") String cursor,
        @Nullable @QueryParam("limit") Integer limit) {
    /** What to show; a 400 problem when a time is none. */
    AuditFilter filter() {
        return new AuditFilter(
                AuditFilter.time("from", from),
                AuditFilter.time("to", to),
                actor,
                action,
                resourceType,
                resourceId,
                text);
    }

    /** Behind which place the page begins; a 400 problem when the cursor holds none. */
    @Nullable
    Long place() {
        return AuditLogService.place(cursor);
    }

    /** How many entries the page may have; a 400 problem when they are too many. */
    int most() {
        return Cursor.limit(limit);
    }
}
