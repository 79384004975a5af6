package dev.parley.auth.staff;

import dev.parley.auth.member.MembershipService;
import dev.parley.auth.tenant.TenantService;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.mail.MailOutbox;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Opens and ends break-glass grants; the tenant finds the opening and the end in its trail, whoever or whatever ends it. */
@ApplicationScoped
public class BreakGlassService {
    private static final String RESOURCE = "break-glass";
    private static final Caller CLOCK =
            new Caller(null, "service:auth-service", "service", Set.of(Caller.PLATFORM_ADMIN), Set.of());

    private final Database database;
    private final BreakGlassRepository grants;
    private final TenantService tenants;
    private final MembershipService members;
    private final MailOutbox mails;
    private final Outbox outbox;
    private final Audit audit;
    private final BreakGlassConfig config;
    private final Clock clock;

    BreakGlassService(
            Database database,
            BreakGlassRepository grants,
            TenantService tenants,
            MembershipService members,
            MailOutbox mails,
            Outbox outbox,
            Audit audit,
            BreakGlassConfig config,
            Clock clock) {
        this.database = database;
        this.grants = grants;
        this.tenants = tenants;
        this.members = members;
        this.mails = mails;
        this.outbox = outbox;
        this.audit = audit;
        this.config = config;
        this.clock = clock;
    }

    /** Opens a grant; 404 without such a tenant, 409 when the same person has an open one. */
    BreakGlassResponse open(Caller admin, TenantId tenant, OpenBreakGlassRequest request) {
        UUID person = person(admin);
        return database.inTenant(tenant, handle -> {
            tenants.demand(handle);
            Instant now = now();
            grants.unended(handle, person)
                    .filter(old -> !old.isLiving(now))
                    .ifPresent(old -> end(handle, CLOCK, old, old.expiresAt(), "break-glass.expire"));
            BreakGlassGrant grant = new BreakGlassGrant(
                    Ids.next(),
                    tenant,
                    person,
                    request.reason().strip(),
                    request.ticket().strip(),
                    now,
                    now.plus(config.lifetime()),
                    null);
            if (!grants.insert(handle, grant)) {
                throw new Problem(BreakGlassProblem.BREAK_GLASS_OPEN)
                        .detail("end it with DELETE /api/v1/admin/break-glass/{id}, or use it");
            }
            tell(handle, grant, true);
            record(handle, admin, grant, "break-glass.open", null, state(grant));
            members.ownerAddresses(handle)
                    .forEach(owner -> mails.append(handle, tenant, BreakGlassMail.write(owner, grant)));
            return BreakGlassResponse.from(grant, now);
        });
    }

    /** Ends a grant early, one's own or a colleague's; one that has ended stays as it is. */
    void end(Caller admin, UUID id) {
        TenantId tenant = database.acrossTenants(handle -> grants.tenantOf(handle, id))
                .orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
        database.useTenant(tenant, handle -> grants.lock(handle, id)
                .filter(grant -> grant.endedAt() == null)
                .ifPresent(grant -> {
                    boolean living = grant.isLiving(now());
                    end(
                            handle,
                            living ? admin : CLOCK,
                            grant,
                            living ? now() : grant.expiresAt(),
                            living ? "break-glass.end" : "break-glass.expire");
                }));
    }

    /** Everybody's grants, the newest first. */
    Page<BreakGlassResponse> list(@Nullable UUID before, int limit) {
        Instant now = now();
        return database.acrossTenants(
                        handle -> Page.of(grants.all(handle, before, limit + 1), limit, grant -> grant.id()
                                .toString()))
                .map(grant -> BreakGlassResponse.from(grant, now));
    }

    /** The grants under which the transaction's tenant can be read now. */
    List<BreakGlassResponse> open(Handle handle) {
        Instant now = now();
        return grants.open(handle, now).stream()
                .map(grant -> BreakGlassResponse.from(grant, now))
                .toList();
    }

    /** The grant under which a member of Parley's staff may read a tenant now. */
    public Optional<BreakGlassGrant> living(UUID person, TenantId tenant) {
        return database.inTenant(tenant, handle -> grants.held(handle, person)).filter(grant -> grant.isLiving(now()));
    }

    @Scheduled(every = "30s", delayed = "15s", identity = "break-glass-expiry")
    void endExpired() {
        database.acrossTenants(handle -> grants.expired(handle, now()))
                .forEach(grant -> database.useTenant(grant.tenantId(), handle -> grants.lock(handle, grant.id())
                        .filter(locked -> locked.endedAt() == null)
                        .ifPresent(locked -> end(handle, CLOCK, locked, locked.expiresAt(), "break-glass.expire"))));
    }

    private void end(Handle handle, Caller by, BreakGlassGrant grant, Instant at, String action) {
        grants.end(handle, grant.id(), at, by.actor());
        tell(handle, grant, false);
        record(handle, by, grant, action, state(grant), Map.of("ended_at", at.toString()));
    }

    private void tell(Handle handle, BreakGlassGrant grant, boolean open) {
        outbox.append(
                handle, grant.tenantId(), new BreakGlassChanged(grant.tenantId(), grant.adminId(), grant.id(), open));
    }

    private void record(
            Handle handle,
            Caller by,
            BreakGlassGrant grant,
            String action,
            @Nullable Map<String, Object> before,
            @Nullable Map<String, ?> after) {
        audit.record(
                handle,
                by,
                grant.tenantId(),
                new AuditEntry(action, RESOURCE, grant.id().toString(), before, after, grant.reason(), grant.ticket()));
    }

    private static Map<String, Object> state(BreakGlassGrant grant) {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("admin_id", grant.adminId().toString());
        state.put("opened_at", grant.openedAt().toString());
        state.put("expires_at", grant.expiresAt().toString());
        return state;
    }

    /** As the database keeps it: a grant that is read again is equal. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static UUID person(Caller admin) {
        try {
            return UUID.fromString(admin.subject());
        } catch (IllegalArgumentException noPerson) {
            throw new Problem(CommonProblem.FORBIDDEN).detail("only a person may do this");
        }
    }
}
