package dev.parley.auth.founding;

import dev.parley.auth.identity.UserAccount;
import dev.parley.auth.identity.UserAccountService;
import dev.parley.auth.member.MembershipService;
import dev.parley.auth.member.Role;
import dev.parley.auth.tenant.CreateTenantRequest;
import dev.parley.auth.tenant.TenantConfig;
import dev.parley.auth.tenant.TenantProblem;
import dev.parley.auth.tenant.TenantResponse;
import dev.parley.auth.tenant.TenantService;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/** Makes further tenants for people who have an account. */
@ApplicationScoped
class FoundingService {
    private final Database database;
    private final TenantService tenants;
    private final MembershipService members;
    private final UserAccountService accounts;
    private final TenantConfig config;

    FoundingService(
            Database database,
            TenantService tenants,
            MembershipService members,
            UserAccountService accounts,
            TenantConfig config) {
        this.database = database;
        this.tenants = tenants;
        this.members = members;
        this.accounts = accounts;
        this.config = config;
    }

    /** Makes a tenant that the person owns; its trial begins as with a sign-up. */
    TenantResponse found(Caller caller, UserAccount person, CreateTenantRequest request) {
        Caller owner = new Caller(
                new TenantId(Ids.next()),
                caller.subject(),
                caller.authProvider(),
                Role.OWNER.withIncluded(),
                Role.OWNER.scopes());
        boolean made;
        do {
            // Not for ever: each time the person has founded another one meanwhile, of mostOwned at most.
            made = foundAlone(owner, person, request.name().strip());
        } while (!made);
        return tenants.own(owner);
    }

    /**
     * False, and nothing is made, when the person's account changed since what it owns was counted, which a transaction
     * of the new tenant cannot do itself.
     */
    private boolean foundAlone(Caller owner, UserAccount person, String name) {
        Instant last = accounts.changedAt(person.id())
                .orElseThrow(() -> new Problem(CommonProblem.CONFLICT).detail("this account is just being deleted"));
        demandRoom(person);
        TenantId tenant = owner.tenant();
        return database.inTenant(tenant, handle -> {
            if (!accounts.changeAfter(handle, person.id(), last)) {
                return false;
            }
            tenants.create(handle, tenant, name, owner, person.email());
            members.add(handle, owner, tenant, person.id(), Role.OWNER);
            return true;
        });
    }

    private void demandRoom(UserAccount person) {
        long owned = members.ofUser(person.id()).stream()
                .filter(membership -> membership.role() == Role.OWNER)
                .count();
        if (owned >= config.mostOwned()) {
            throw new Problem(TenantProblem.TOO_MANY_TENANTS);
        }
    }
}
