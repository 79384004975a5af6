package dev.parley.auth.founding;

import dev.parley.auth.identity.UserAccount;
import dev.parley.auth.member.MembershipService;
import dev.parley.auth.member.Role;
import dev.parley.auth.tenant.CreateTenantRequest;
import dev.parley.auth.tenant.TenantConfig;
import dev.parley.auth.tenant.TenantProblem;
import dev.parley.auth.tenant.TenantResponse;
import dev.parley.auth.tenant.TenantService;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;

/** Makes further tenants for people who have an account. */
@ApplicationScoped
class FoundingService {
    private final Database database;
    private final TenantService tenants;
    private final MembershipService members;
    private final TenantConfig config;

    FoundingService(Database database, TenantService tenants, MembershipService members, TenantConfig config) {
        this.database = database;
        this.tenants = tenants;
        this.members = members;
        this.config = config;
    }

    /** Makes a tenant that the person owns; its trial begins as with a sign-up. */
    TenantResponse found(Caller caller, UserAccount person, CreateTenantRequest request) {
        long owned = members.ofUser(person.id()).stream()
                .filter(membership -> membership.role() == Role.OWNER)
                .count();
        if (owned >= config.mostOwned()) {
            throw new Problem(TenantProblem.TOO_MANY_TENANTS);
        }
        TenantId tenant = new TenantId(Ids.next());
        Caller owner = new Caller(
                tenant, caller.subject(), caller.authProvider(), Role.OWNER.withIncluded(), Role.OWNER.scopes());
        database.useTenant(tenant, handle -> {
            tenants.create(handle, tenant, request.name().strip(), owner, person.email());
            members.add(handle, owner, tenant, person.id(), Role.OWNER);
        });
        return tenants.own(owner);
    }
}
