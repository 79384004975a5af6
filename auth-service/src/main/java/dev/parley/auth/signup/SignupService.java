package dev.parley.auth.signup;

import dev.parley.auth.identity.EmailAddress;
import dev.parley.auth.identity.UserAccount;
import dev.parley.auth.identity.UserAccountService;
import dev.parley.auth.member.MembershipService;
import dev.parley.auth.member.Role;
import dev.parley.auth.tenant.TenantService;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Our half of a sign-up: the note that it began, and the one transaction that makes everything. */
@ApplicationScoped
class SignupService {
    private final Database database;
    private final SignupRepository signups;
    private final TenantService tenants;
    private final MembershipService members;
    private final UserAccountService accounts;

    SignupService(
            Database database,
            SignupRepository signups,
            TenantService tenants,
            MembershipService members,
            UserAccountService accounts) {
        this.database = database;
        this.signups = signups;
        this.tenants = tenants;
        this.members = members;
        this.accounts = accounts;
    }

    /** Notes that a sign-up begins; false when the address has its tenant already. */
    boolean begin(EmailAddress email, String name, String organization) {
        return database.global(handle -> signups.begin(handle, email, name, organization));
    }

    boolean isCompleted(EmailAddress email) {
        return database.global(handle -> signups.isCompleted(handle, email));
    }

    /**
     * Makes tenant, account and the owner's membership and tells the other services, all or nothing; empty when
     * somebody else did it first.
     */
    Optional<TenantId> complete(EmailAddress email, String name, String organization, UUID userId) {
        TenantId tenant = new TenantId(Ids.next());
        Caller owner =
                new Caller(tenant, userId.toString(), "password", Role.OWNER.withIncluded(), Role.OWNER.scopes());
        boolean first = database.inTenant(tenant, handle -> {
            if (!signups.complete(handle, email, name, organization, userId, tenant)) {
                return false;
            }
            boolean proven = accounts.find(handle, userId)
                    .filter(known -> known.email().equals(email.value()))
                    .map(UserAccount::emailVerified)
                    .orElse(false);
            accounts.save(handle, new UserAccount(userId, email.value(), name, proven));
            tenants.create(handle, tenant, organization, owner, email.value());
            members.add(handle, owner, tenant, userId, Role.OWNER);
            return true;
        });
        return first ? Optional.of(tenant) : Optional.empty();
    }

    /** Forgets a sign-up that was refused. */
    void forget(EmailAddress email) {
        database.global(handle -> {
            signups.forget(handle, email);
            return true;
        });
    }

    /** Sign-ups that began longer ago and were not finished, some at a time. */
    List<Signup> unfinished(Duration since, int limit) {
        return database.global(handle -> signups.unfinished(handle, since, limit));
    }
}
