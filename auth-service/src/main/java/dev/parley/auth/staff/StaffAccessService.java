package dev.parley.auth.staff;

import dev.parley.auth.audit.AuditLogResponse;
import dev.parley.auth.audit.AuditLogService;
import dev.parley.platform.data.Database;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Shows a tenant which of Parley's staff looked, when, why and under which ticket. */
@ApplicationScoped
public class StaffAccessService {
    private final Database database;
    private final BreakGlassService grants;
    private final AuditLogService trail;

    StaffAccessService(Database database, BreakGlassService grants, AuditLogService trail) {
        this.database = database;
        this.grants = grants;
        this.trail = trail;
    }

    StaffAccessResponse list(Caller caller, @Nullable Long before, int limit) {
        Page<AuditLogResponse> looks = trail.ofStaff(caller.tenant(), before, limit);
        return new StaffAccessResponse(
                database.inTenant(caller.tenant(), grants::open), looks.items(), looks.nextCursor());
    }
}
