package dev.parley.platform.audit;

import dev.parley.platform.data.Database;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import dev.parley.platform.security.StaffAccess;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import java.time.Clock;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Stands before every resource and lets a break-glass caller through to individual records only, after the look is
 * written down: what cannot be recorded is not shown.
 */
@ApplicationScoped
public class AccessRecorder {
    private final CurrentCaller current;
    private final Database database;
    private final Audit audit;
    private final Clock clock;

    AccessRecorder(CurrentCaller current, Database database, Audit audit, Clock clock) {
        this.current = current;
        this.database = database;
        this.audit = audit;
        this.clock = clock;
    }

    /** Refuses or records; callers without the role break-glass pass untouched. */
    @ServerRequestFilter(priority = Priorities.AUTHORIZATION + 2)
    public void admit(ContainerRequestContext request, ResourceInfo resource) {
        if (!current.isPresent() || !current.get().breakGlass()) {
            return;
        }
        Caller caller = current.get();
        StaffAccess access = living(caller.access());
        IndividualRecords records = resource.getResourceMethod().getAnnotation(IndividualRecords.class);
        if (records == null || !HttpMethod.GET.equals(request.getMethod())) {
            throw new Problem(CommonProblem.FORBIDDEN).detail("a break-glass grant reads individual records only");
        }
        TenantId tenant = caller.tenant();
        String id = Optional.ofNullable(request.getUriInfo().getPathParameters().getFirst("id"))
                .orElse(tenant.toString());
        database.useTenant(
                tenant,
                handle -> audit.record(
                        handle,
                        caller,
                        tenant,
                        AuditEntry.look(
                                records.value() + ".read",
                                records.value(),
                                id,
                                new AccessReason(access.reason(), access.ticket()))));
    }

    private StaffAccess living(@Nullable StaffAccess access) {
        if (access == null || !clock.instant().isBefore(access.until())) {
            throw new Problem(CommonProblem.FORBIDDEN).detail("the break-glass grant has ended");
        }
        return access;
    }
}
