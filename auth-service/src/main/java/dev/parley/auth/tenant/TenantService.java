package dev.parley.auth.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.audit.AccessReason;
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
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Leads tenants through their life; each change and each look of Parley's staff is audited. */
@ApplicationScoped
public class TenantService {
    private static final int LARGEST_SETTINGS = 16 * 1024;
    private static final String RESOURCE = "tenant";
    private static final String OWNER = "owner";

    private final Database database;
    private final TenantRepository tenants;
    private final Outbox outbox;
    private final Audit audit;
    private final TenantConfig config;
    private final Clock clock;

    TenantService(
            Database database, TenantRepository tenants, Outbox outbox, Audit audit, TenantConfig config, Clock clock) {
        this.database = database;
        this.tenants = tenants;
        this.outbox = outbox;
        this.audit = audit;
        this.config = config;
        this.clock = clock;
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

    /** Whether the tenant is being erased, or was; a 404 problem when there never was one. */
    public boolean ending(TenantId id) {
        return found(database.inTenant(id, tenants::find)).status().ends();
    }

    /** The caller's own tenant. */
    public TenantResponse own(Caller caller) {
        return database.inTenant(caller.tenant(), handle -> response(found(tenants.find(handle))));
    }

    /**
     * Lets only one transaction at a time add to what the tenant's plan limits in number, such as seats: what it counts
     * from now on is true until it ends. Within a transaction of the tenant, before anything else in it.
     */
    public void growAlone(Handle handle) {
        tenants.queue(handle);
    }

    /** The name of the tenant of the transaction; a 403 problem when it does not work. */
    public String nameOfWorking(Handle handle) {
        Tenant tenant = found(tenants.find(handle));
        if (!tenant.status().works()) {
            throw new Problem(
                    tenant.status() == TenantStatus.SUSPENDED
                            ? TenantProblem.TENANT_SUSPENDED
                            : TenantProblem.TENANT_DELETED);
        }
        return tenant.name();
    }

    /** A 404 problem unless the transaction's tenant exists. */
    public void demand(Handle handle) {
        if (tenants.find(handle).isEmpty()) {
            throw new Problem(CommonProblem.NOT_FOUND);
        }
    }

    /** Changes the caller's own tenant; where its data lives and how long is for owners. */
    public TenantResponse change(Caller caller, ChangeTenantRequest request) {
        boolean forOwners = request.region() != null || request.retention() != null;
        if (forOwners && !caller.roles().contains(OWNER)) {
            throw new Problem(TenantProblem.OWNER_REQUIRED).detail("region and retention are for owners");
        }
        if (request.region() != null && !config.regions().contains(request.region())) {
            throw new Problem(TenantProblem.REGION_UNKNOWN)
                    .detail("choose one of " + String.join(", ", new TreeSet<>(config.regions())))
                    .with("errors", ProblemCompletion.error("/region", "is no region of Parley"));
        }
        return database.inTenant(caller.tenant(), handle -> {
            Tenant before = found(tenants.lock(handle));
            String name =
                    request.name() == null ? before.name() : request.name().strip();
            JsonNode settings = merged(before.settings(), request.settings());
            String region = request.region() == null ? before.region() : request.region();
            tenants.change(
                    handle, name, settings, region, RetentionPeriods.changed(before.retention(), request.retention()));
            Tenant after = found(tenants.find(handle));
            if (!view(before).equals(view(after))) {
                audit.record(
                        handle,
                        caller,
                        before.id(),
                        new AuditEntry(
                                "tenant.change", RESOURCE, before.id().toString(), view(before), view(after), null));
            }
            if (!published(before).equals(published(after))) {
                outbox.append(handle, before.id(), published(after));
            }
            return response(after);
        });
    }

    /** Deletes the caller's own tenant; it is refused everywhere at once and can be brought back for a while. */
    public TenantResponse delete(Caller caller, String confirmation) {
        return database.inTenant(caller.tenant(), handle -> {
            Tenant before = found(tenants.lock(handle));
            demandName(before, confirmation);
            Tenant after = become(handle, caller, before, TenantStatus.DELETED, "tenant.delete", null);
            TenantResponse response = response(after);
            outbox.append(
                    handle,
                    before.id(),
                    new TenantDeleted(before.id(), Objects.requireNonNull(response.restorableUntil())));
            return response;
        });
    }

    /** Brings the caller's deleted tenant back as it was. */
    public TenantResponse bringBack(Caller caller) {
        return database.inTenant(caller.tenant(), handle -> {
            Tenant before = found(tenants.lock(handle));
            boolean deleted = before.status() == TenantStatus.DELETED;
            if (!deleted || clock.instant().isAfter(restorableUntil(before))) {
                throw new Problem(TenantProblem.TENANT_STATUS_CONFLICT).detail("it is not deleted, or for too long");
            }
            Tenant after = become(handle, caller, before, before.standing(), "tenant.restore", null);
            outbox.append(handle, before.id(), new TenantRestored(before.id(), "deleted"));
            return response(after);
        });
    }

    /**
     * Makes what a subscription says the tenant's standing, within a transaction of the tenant; older versions than
     * the last are passed over, and a tenant that is stopped stays so until it comes back.
     */
    public void follow(Handle handle, TenantId id, String subscriptionStatus, long version) {
        Optional<Tenant> known = tenants.lock(handle);
        if (known.isEmpty() || known.get().subscriptionVersion() >= version) {
            return;
        }
        Tenant before = known.get();
        TenantStatus standing =
                switch (subscriptionStatus) {
                    case "trial" -> TenantStatus.TRIAL;
                    case "active", "past_due" -> TenantStatus.ACTIVE;
                    default -> before.standing();
                };
        tenants.follow(handle, standing, version);
        if (before.status().works()
                && before.status() != standing
                && before.status().mayBecome(standing)) {
            tenants.become(handle, standing, null);
        }
    }

    /**
     * Begins the erasure that an owner wants, within a transaction of the tenant: from now on nobody gets in. A 422
     * problem when the confirmation is not the tenant's name, 409 when its status does not allow it. Returns the name.
     */
    public String beginErasure(Handle handle, Caller caller, String confirmation) {
        Tenant before = found(tenants.lock(handle));
        demandName(before, confirmation);
        return become(handle, caller, before, TenantStatus.ERASING, "tenant.erase", null)
                .name();
    }

    /** As above, for a deleted tenant; a 409 problem unless its time to be restored is over. */
    public String beginErasureOfDeleted(Handle handle, Caller caller) {
        Tenant before = found(tenants.lock(handle));
        if (before.status() != TenantStatus.DELETED || !clock.instant().isAfter(restorableUntil(before))) {
            throw new Problem(TenantProblem.TENANT_STATUS_CONFLICT).detail("it is not deleted, or can be restored");
        }
        return become(handle, caller, before, TenantStatus.ERASING, "tenant.erase", "the time to restore it is over")
                .name();
    }

    /** Ends an erasure, within a transaction of the tenant: what is left is that it was. */
    public void endErasure(Handle handle, TenantId id) {
        Tenant before = found(tenants.lock(handle));
        demandLegal(before, TenantStatus.ERASED);
        tenants.become(handle, TenantStatus.ERASED, null);
        tenants.empty(handle);
    }

    /** Deleted tenants whose time to be restored is over, some at a time. */
    public List<TenantId> pastRestoration(int limit) {
        return database.acrossTenants(
                handle -> tenants.deletedBefore(handle, clock.instant().minus(config.restorationWindow()), limit));
    }

    /** Tenants whose name holds the text, or whose id it is, oldest first; the look is audited for the platform. */
    public Page<AdminTenantResponse> list(
            Caller admin, @Nullable String search, @Nullable UUID after, int limit, AccessReason why) {
        String text = search == null || search.isBlank() ? null : search.strip();
        Page<Tenant> page = database.acrossTenants(
                handle -> Page.of(tenants.list(handle, text, after, limit + 1), limit, tenant -> tenant.id()
                        .toString()));
        database.useTenant(
                TenantId.PLATFORM,
                handle -> audit.record(
                        handle, admin, TenantId.PLATFORM, AuditEntry.look("tenant.list", RESOURCE, "all", why)));
        return page.map(AdminTenantResponse::from);
    }

    /** One tenant for Parley's staff; the look is audited where the tenant sees it. */
    public AdminTenantResponse look(Caller admin, TenantId id, AccessReason why) {
        return database.inTenant(id, handle -> {
            Tenant tenant = found(tenants.find(handle));
            audit.record(handle, admin, id, AuditEntry.look("tenant.read", RESOURCE, id.toString(), why));
            return AdminTenantResponse.from(tenant);
        });
    }

    /** Suspends a tenant; one that is suspended already stays as it is. */
    public AdminTenantResponse suspend(Caller admin, TenantId id, String reason) {
        return database.inTenant(id, handle -> {
            Tenant before = found(tenants.lock(handle));
            if (before.status() == TenantStatus.SUSPENDED) {
                return AdminTenantResponse.from(before);
            }
            Tenant after = become(handle, admin, before, TenantStatus.SUSPENDED, "tenant.suspend", reason);
            outbox.append(handle, id, new TenantSuspended(id, reason));
            return AdminTenantResponse.from(after);
        });
    }

    /** Restores a suspended tenant; one that works stays as it is. */
    public void restore(Caller admin, TenantId id, String reason) {
        database.useTenant(id, handle -> {
            Tenant before = found(tenants.lock(handle));
            if (before.status().works()) {
                return;
            }
            if (before.status() != TenantStatus.SUSPENDED) {
                throw new Problem(TenantProblem.TENANT_STATUS_CONFLICT).detail("it is not suspended");
            }
            become(handle, admin, before, before.standing(), "tenant.restore", reason);
            outbox.append(handle, id, new TenantRestored(id, String.valueOf(before.suspensionReason())));
        });
    }

    private Tenant become(
            Handle handle, Caller actor, Tenant before, TenantStatus next, String action, @Nullable String reason) {
        demandLegal(before, next);
        tenants.become(handle, next, reason);
        audit.record(
                handle,
                actor,
                before.id(),
                new AuditEntry(
                        action,
                        RESOURCE,
                        before.id().toString(),
                        Map.of("status", before.status().word()),
                        Map.of("status", next.word()),
                        reason));
        return found(tenants.find(handle));
    }

    private static void demandLegal(Tenant before, TenantStatus next) {
        if (!before.status().mayBecome(next)) {
            throw new Problem(TenantProblem.TENANT_STATUS_CONFLICT)
                    .detail("it is " + before.status().word() + " and cannot become " + next.word());
        }
    }

    private static void demandName(Tenant tenant, String confirmation) {
        if (!tenant.name().equals(confirmation.strip())) {
            throw new Problem(TenantProblem.CONFIRMATION_MISMATCH)
                    .with("errors", ProblemCompletion.error("/confirmation", "must be the organisation's name"));
        }
    }

    private Instant restorableUntil(Tenant deleted) {
        return Objects.requireNonNull(deleted.deletedAt()).plus(config.restorationWindow());
    }

    private TenantResponse response(Tenant tenant) {
        return new TenantResponse(
                tenant.id(),
                tenant.name(),
                tenant.status(),
                tenant.settings(),
                tenant.region(),
                RetentionPeriods.whole(tenant.retention()),
                tenant.createdAt(),
                tenant.status() == TenantStatus.DELETED ? restorableUntil(tenant) : null);
    }

    private static TenantChanged published(Tenant tenant) {
        return new TenantChanged(
                tenant.id(), tenant.name(), tenant.region(), RetentionPeriods.whole(tenant.retention()));
    }

    private static Map<String, Object> view(Tenant tenant) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("name", tenant.name());
        view.put("settings", tenant.settings());
        view.put("region", tenant.region());
        view.put("retention", tenant.retention());
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

    private static Tenant found(Optional<Tenant> tenant) {
        return tenant.orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
    }
}
