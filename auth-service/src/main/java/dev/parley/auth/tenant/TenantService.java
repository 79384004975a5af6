package dev.parley.auth.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Creates tenants, shows and changes them, suspends and restores them; each change and each admin read is audited. */
@ApplicationScoped
public class TenantService {
    private static final int LARGEST_SETTINGS = 16 * 1024;
    private static final String RESOURCE = "tenant";

    private final Database database;
    private final TenantRepository tenants;
    private final Outbox outbox;
    private final Audit audit;
    private final TenantConfig config;

    TenantService(Database database, TenantRepository tenants, Outbox outbox, Audit audit, TenantConfig config) {
        this.database = database;
        this.tenants = tenants;
        this.outbox = outbox;
        this.audit = audit;
        this.config = config;
    }

    /** Creates a tenant, within the transaction that also makes its owner. */
    public void create(Handle handle, TenantId id, String name, Caller owner, String ownerEmail) {
        tenants.insert(handle, id, name, config.region(), owner.actor());
        outbox.append(handle, id, new TenantCreated(id, name, UUID.fromString(owner.subject()), ownerEmail));
        audit.record(
                handle,
                owner,
                id,
                new AuditEntry("tenant.create", RESOURCE, id.toString(), null, Map.of("name", name), null));
    }

    /** Whether there is, or was until its erasure, such a tenant. */
    public boolean exists(TenantId id) {
        return database.inTenant(id, tenants::find).isPresent();
    }

    /** The caller's own tenant. */
    public TenantResponse own(Caller caller) {
        return database.inTenant(
                caller.tenant(),
                handle -> TenantResponse.from(tenants.find(handle).orElseThrow(TenantService::notFound)));
    }

    /** Changes name and settings of the caller's own tenant. */
    public TenantResponse change(Caller caller, ChangeTenantRequest request) {
        return database.inTenant(caller.tenant(), handle -> {
            Tenant before = tenants.lock(handle).orElseThrow(TenantService::notFound);
            String name =
                    request.name() == null ? before.name() : request.name().strip();
            JsonNode settings = merged(before.settings(), request.settings());
            if (!name.equals(before.name()) || !settings.equals(before.settings())) {
                tenants.change(handle, name, settings);
                audit.record(
                        handle,
                        caller,
                        before.id(),
                        new AuditEntry(
                                "tenant.change",
                                RESOURCE,
                                before.id().toString(),
                                view(before.name(), before.settings()),
                                view(name, settings),
                                null));
            }
            return TenantResponse.from(tenants.find(handle).orElseThrow(TenantService::notFound));
        });
    }

    /** All tenants, oldest first; the look is audited for the platform. */
    public Page<AdminTenantResponse> list(Caller admin, @Nullable UUID after, int limit, String reason) {
        Page<Tenant> page = database.acrossTenants(
                handle -> Page.of(tenants.list(handle, after, limit + 1), limit, tenant -> tenant.id()
                        .toString()));
        database.useTenant(
                TenantId.PLATFORM,
                handle -> audit.record(
                        handle,
                        admin,
                        TenantId.PLATFORM,
                        new AuditEntry("tenant.list", RESOURCE, "all", null, null, reason)));
        return page.map(AdminTenantResponse::from);
    }

    /** One tenant for Parley's staff; the look is audited where the tenant sees it. */
    public AdminTenantResponse look(Caller admin, TenantId id, String reason) {
        return database.inTenant(id, handle -> {
            Tenant tenant = tenants.find(handle).orElseThrow(TenantService::notFound);
            audit.record(handle, admin, id, new AuditEntry("tenant.read", RESOURCE, id.toString(), null, null, reason));
            return AdminTenantResponse.from(tenant);
        });
    }

    /** Suspends a tenant; one that is suspended already stays as it is. */
    public AdminTenantResponse suspend(Caller admin, TenantId id, String reason) {
        return database.inTenant(id, handle -> {
            Tenant before = tenants.lock(handle).orElseThrow(TenantService::notFound);
            if (before.status() != TenantStatus.SUSPENDED) {
                tenants.suspend(handle, reason);
                outbox.append(handle, id, new TenantSuspended(id, reason));
                recordStatus(handle, admin, before, "tenant.suspend", TenantStatus.SUSPENDED, reason);
            }
            return AdminTenantResponse.from(tenants.find(handle).orElseThrow(TenantService::notFound));
        });
    }

    /** Restores a tenant; one that is active already stays as it is. */
    public void restore(Caller admin, TenantId id) {
        database.useTenant(id, handle -> {
            Tenant before = tenants.lock(handle).orElseThrow(TenantService::notFound);
            if (before.status() != TenantStatus.ACTIVE) {
                tenants.restore(handle);
                outbox.append(handle, id, new TenantRestored(id, String.valueOf(before.suspensionReason())));
                recordStatus(handle, admin, before, "tenant.restore", TenantStatus.ACTIVE, null);
            }
        });
    }

    private void recordStatus(
            Handle handle, Caller admin, Tenant before, String action, TenantStatus after, @Nullable String reason) {
        audit.record(
                handle,
                admin,
                before.id(),
                new AuditEntry(
                        action,
                        RESOURCE,
                        before.id().toString(),
                        Map.of("status", before.status().word()),
                        Map.of("status", after.word()),
                        reason));
    }

    private static Map<String, Object> view(String name, JsonNode settings) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("name", name);
        view.put("settings", settings);
        return view;
    }

    private static JsonNode merged(JsonNode settings, @Nullable ObjectNode patch) {
        if (patch == null) {
            return settings;
        }
        JsonNode result = mergePatch(settings, patch);
        if (result.toString().length() > LARGEST_SETTINGS) {
            throw new Problem(TenantProblem.SETTINGS_TOO_LARGE)
                    .detail("settings may have at most " + LARGEST_SETTINGS + " characters as JSON")
                    .with("errors", ProblemCompletion.error("/settings", "is too large"));
        }
        return result;
    }

    /** RFC 7396. */
    static JsonNode mergePatch(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch;
        }
        ObjectNode result = target instanceof ObjectNode object ? object.deepCopy() : changes.objectNode();
        changes.properties().forEach(change -> {
            if (change.getValue().isNull()) {
                result.remove(change.getKey());
            } else {
                JsonNode old = result.path(change.getKey());
                result.set(change.getKey(), mergePatch(old, change.getValue()));
            }
        });
        return result;
    }

    private static Problem notFound() {
        return new Problem(CommonProblem.NOT_FOUND);
    }
}
