package dev.parley.platform.audit;

import dev.parley.platform.operation.Operation;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.StaffAccess;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import org.jdbi.v3.core.Handle;

/** Records changes, and looks of platform staff, in the transaction in which they happen. */
@ApplicationScoped
public class Audit {
    private final Outbox outbox;
    private final Clock clock;

    Audit(Outbox outbox, Clock clock) {
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Records an entry in that tenant's trail; changes of the catalogue go to {@link TenantId#PLATFORM}. */
    public void record(Handle handle, Caller caller, TenantId tenant, AuditEntry entry) {
        StaffAccess access = caller.access();
        outbox.append(
                handle,
                tenant,
                new AuditRecorded(
                        clock.instant(),
                        caller.actor(),
                        entry.action(),
                        entry.resourceType(),
                        entry.resourceId(),
                        entry.before(),
                        entry.after(),
                        entry.reason(),
                        Operation.id(),
                        entry.ticket(),
                        caller.staffAt(tenant) ? true : null,
                        access == null ? null : access.id(),
                        tenant));
    }
}
