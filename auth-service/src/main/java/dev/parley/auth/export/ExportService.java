package dev.parley.auth.export;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.auth.tenant.TenantProblem;
import dev.parley.auth.tenant.TenantService;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.storage.ObjectStore;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Begins exports, follows the services that write them, and ends them: ready, failed, or after a week expired. */
@ApplicationScoped
public class ExportService {
    static final String RUNNING = "running";
    static final String READY = "ready";
    private static final String FAILED = "failed";
    private static final String EXPIRED = "expired";
    private static final int SOME = 100;

    private final Database database;
    private final ExportRepository exports;
    private final TenantService tenants;
    private final Outbox outbox;
    private final Audit audit;
    private final ObjectStore store;
    private final ExportConfig config;
    private final Clock clock;

    ExportService(
            Database database,
            ExportRepository exports,
            TenantService tenants,
            Outbox outbox,
            Audit audit,
            ObjectStore store,
            ExportConfig config,
            Clock clock) {
        this.database = database;
        this.exports = exports;
        this.tenants = tenants;
        this.outbox = outbox;
        this.audit = audit;
        this.store = store;
        this.config = config;
        this.clock = clock;
    }

    /** Asks all services for their part; a 409 problem while an export or the erasure runs, and when the tenant does not work. */
    public ExportResponse begin(Caller owner) {
        if (!tenants.own(owner).status().works()) {
            throw new Problem(TenantProblem.TENANT_STATUS_CONFLICT)
                    .detail("The organisation does not work: it is being erased, or was.");
        }
        UUID id = Ids.next();
        return database.inTenant(owner.tenant(), handle -> {
            if (!exports.begin(handle, id, owner.actor())) {
                throw new Problem(ExportProblem.EXPORT_RUNNING);
            }
            outbox.append(handle, owner.tenant(), new ExportRequested(owner.tenant(), id));
            record(handle, owner, "export.request", id);
            return response(exports.find(handle, id).orElseThrow());
        });
    }

    /** The exports, latest first. */
    public Page<ExportResponse> list(TenantId tenant, @Nullable UUID before, int limit) {
        return Page.of(
                        database.inTenant(tenant, handle -> exports.latest(handle, before, limit + 1)),
                        limit,
                        export -> export.id().toString())
                .map(this::response);
    }

    /** One export. */
    public ExportResponse show(TenantId tenant, UUID id) {
        return response(find(tenant, id));
    }

    /** One export whose files can be read now; the download is audited. */
    Export open(Caller owner, UUID id) {
        Export export = find(owner.tenant(), id);
        if (export.status().equals(EXPIRED)) {
            throw new Problem(ExportProblem.EXPORT_EXPIRED);
        }
        if (!export.status().equals(READY)) {
            throw new Problem(ExportProblem.EXPORT_NOT_READY).detail("It is " + export.status() + ".");
        }
        database.useTenant(owner.tenant(), handle -> record(handle, owner, "export.download", id));
        return export;
    }

    /** Notes a service's part; the last one makes the export ready. */
    void written(Handle handle, UUID id, String service, JsonNode kinds) {
        exports.note(handle, id, service, kinds);
        exports.find(handle, id)
                .filter(export -> missing(export).isEmpty())
                .ifPresent(export -> exports.become(handle, id, RUNNING, READY));
    }

    /** Gives up exports that take too long and deletes the files of old ones. */
    @Scheduled(every = "1m", delayed = "30s", identity = "export-sweep")
    void sweep() {
        due(RUNNING, clock.instant().minus(config.deadline())).forEach(late -> end(late, RUNNING, FAILED));
        due(READY, clock.instant().minus(config.keep())).forEach(old -> end(old, READY, EXPIRED));
    }

    private List<ExportRepository.Due> due(String status, Instant before) {
        return database.acrossTenants(handle -> exports.since(handle, status, before, SOME));
    }

    private void end(ExportRepository.Due export, String before, String after) {
        if (database.inTenant(export.tenant(), handle -> exports.become(handle, export.id(), before, after))) {
            store.deleteAll(export.tenant() + "/exports/" + export.id());
        }
    }

    private Export find(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> exports.find(handle, id))
                .orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
    }

    private void record(Handle handle, Caller owner, String action, UUID id) {
        audit.record(handle, owner, owner.tenant(), new AuditEntry(action, "export", id.toString(), null, null, null));
    }

    private List<String> missing(Export export) {
        return config.services().stream()
                .filter(service -> !export.parts().containsKey(service))
                .toList();
    }

    private ExportResponse response(Export export) {
        Instant ended = export.endedAt();
        return new ExportResponse(
                export.id(),
                export.status(),
                export.requestedAt(),
                ended,
                ended == null || !export.status().equals(READY) ? null : ended.plus(config.keep()),
                missing(export),
                export.parts());
    }
}
