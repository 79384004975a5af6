package dev.parley.auth.member;

import dev.parley.auth.tenant.TenantProblem;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Keeps who belongs to which tenant, tells it to the other services and to the audit trail. */
@ApplicationScoped
public class MembershipService {
    private static final String RESOURCE = "member";

    private final Database database;
    private final MembershipRepository memberships;
    private final Outbox outbox;
    private final Audit audit;

    MembershipService(Database database, MembershipRepository memberships, Outbox outbox, Audit audit) {
        this.database = database;
        this.memberships = memberships;
        this.outbox = outbox;
        this.audit = audit;
    }

    /** A person's memberships in all tenants, oldest first. */
    public List<Membership> ofUser(UUID userId) {
        return database.acrossTenants(handle -> memberships.ofUser(handle, userId));
    }

    /**
     * Adds a member within a transaction of the tenant; false when the person is one already, whose role then stays. A
     * 409 problem for a person who is just being deleted with its last tenant.
     */
    public boolean add(Handle handle, Caller actor, TenantId tenant, UUID userId, Role role) {
        if (!memberships.holdPerson(handle, userId)) {
            throw new Problem(CommonProblem.CONFLICT).detail("this account is just being deleted");
        }
        if (!memberships.add(handle, userId, role, actor.actor())) {
            return false;
        }
        outbox.append(handle, tenant, new MemberAdded(tenant, userId, role.word()));
        record(handle, actor, tenant, "member.add", userId, null, role);
        return true;
    }

    /** The members of the caller's tenant. */
    public Page<MemberResponse> list(Caller caller, @Nullable UUID after, int limit) {
        return database.inTenant(
                caller.tenant(),
                handle -> Page.of(memberships.list(handle, after, limit + 1), limit, member -> member.userId()
                        .toString()));
    }

    /** Gives a member another role; the last owner keeps it, and only owners make or unmake owners. */
    public MemberResponse change(Caller caller, UUID userId, Role role) {
        TenantId tenant = caller.tenant();
        return database.inTenant(tenant, handle -> {
            Map<UUID, Role> roles = memberships.lockAll(handle);
            Role before = roleOf(roles, userId);
            demandAdmin(caller, roles);
            demandOwner(caller, roles, before, role);
            if (isSelf(caller, userId) && role.compareTo(before) < 0) {
                throw new Problem(MemberProblem.OWN_ROLE);
            }
            if (before != role) {
                demandAnotherOwner(roles, before);
                change(handle, caller, userId, before, role);
            }
            return find(handle, userId);
        });
    }

    /** Makes another member owner and the caller, who is one, admin; answers the new owner. */
    public MemberResponse handOver(Caller caller, UUID userId) {
        return database.inTenant(caller.tenant(), handle -> {
            Map<UUID, Role> roles = memberships.lockAll(handle);
            Role before = roleOf(roles, userId);
            demandOwner(caller, roles, Role.OWNER, Role.OWNER);
            if (isSelf(caller, userId)) {
                throw new Problem(CommonProblem.CONFLICT).detail("you are the owner already");
            }
            if (before != Role.OWNER) {
                change(handle, caller, userId, before, Role.OWNER);
            }
            change(handle, caller, UUID.fromString(caller.subject()), Role.OWNER, Role.ADMIN);
            return find(handle, userId);
        });
    }

    /** Removes a member, or lets the caller leave; the last owner stays. */
    public void remove(Caller caller, UUID userId) {
        TenantId tenant = caller.tenant();
        boolean leaves = isSelf(caller, userId);
        if (!leaves && !caller.roles().contains(Role.ADMIN.word())) {
            throw new Problem(CommonProblem.FORBIDDEN);
        }
        database.useTenant(tenant, handle -> {
            Map<UUID, Role> roles = memberships.lockAll(handle);
            Role before = roleOf(roles, userId);
            if (!leaves) {
                demandAdmin(caller, roles);
                demandOwner(caller, roles, before, before);
            }
            demandAnotherOwner(roles, before);
            memberships.remove(handle, userId);
            outbox.append(handle, tenant, new MemberRemoved(tenant, userId, before.word()));
            record(handle, caller, tenant, leaves ? "member.leave" : "member.remove", userId, before, null);
        });
    }

    /** The e-mail addresses of the owners; within a transaction of the tenant. */
    public List<String> ownerAddresses(Handle handle) {
        return memberships.ownerAddresses(handle);
    }

    /** How many members there are; within a transaction of the tenant. */
    public long count(Handle handle) {
        return memberships.count(handle);
    }

    /** Whether a member has that e-mail address; within a transaction of the tenant. */
    public boolean hasAddress(Handle handle, String email) {
        return memberships.hasAddress(handle, email);
    }

    private void change(Handle handle, Caller caller, UUID userId, Role before, Role after) {
        memberships.change(handle, userId, after);
        outbox.append(handle, caller.tenant(), new MemberChanged(caller.tenant(), userId, after.word()));
        record(handle, caller, caller.tenant(), "member.change", userId, before, after);
    }

    private MemberResponse find(Handle handle, UUID userId) {
        return memberships.find(handle, userId).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
    }

    private static boolean isSelf(Caller caller, UUID userId) {
        return caller.subject().equals(userId.toString());
    }

    private static Role roleOf(Map<UUID, Role> roles, UUID userId) {
        Role role = roles.get(userId);
        if (role == null) {
            throw new Problem(CommonProblem.NOT_FOUND);
        }
        return role;
    }

    /** The caller's role is read again: its token may be older than a change of it. */
    private static void demandAdmin(Caller caller, Map<UUID, Role> roles) {
        Role role = roles.get(UUID.fromString(caller.subject()));
        if (role != Role.OWNER && role != Role.ADMIN) {
            throw new Problem(CommonProblem.FORBIDDEN);
        }
    }

    private static void demandOwner(Caller caller, Map<UUID, Role> roles, Role before, Role after) {
        boolean concernsOwners = before == Role.OWNER || after == Role.OWNER;
        if (concernsOwners && roles.get(UUID.fromString(caller.subject())) != Role.OWNER) {
            throw new Problem(TenantProblem.OWNER_REQUIRED);
        }
    }

    private static void demandAnotherOwner(Map<UUID, Role> roles, Role leaving) {
        long owners = roles.values().stream().filter(Role.OWNER::equals).count();
        if (leaving == Role.OWNER && owners == 1) {
            throw new Problem(MemberProblem.LAST_OWNER).detail("make another member owner first");
        }
    }

    private void record(
            Handle handle,
            Caller actor,
            TenantId tenant,
            String action,
            UUID userId,
            @Nullable Role before,
            @Nullable Role after) {
        audit.record(
                handle,
                actor,
                tenant,
                new AuditEntry(
                        action,
                        RESOURCE,
                        userId.toString(),
                        before == null ? null : Map.of("role", before.word()),
                        after == null ? null : Map.of("role", after.word()),
                        null));
    }
}
