package dev.parley.auth.me;

import dev.parley.auth.identity.UserAccount;
import dev.parley.auth.identity.UserAccountService;
import dev.parley.auth.me.MeResponse.MembershipResponse;
import dev.parley.auth.member.MembershipService;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Tells callers about themselves. */
@ApplicationScoped
public class MeService {
    private static final String API_KEY = "api-key";

    private final UserAccountService accounts;
    private final MembershipService members;

    MeService(UserAccountService accounts, MembershipService members) {
        this.accounts = accounts;
        this.members = members;
    }

    /** Describes the caller. */
    public MeResponse describe(Caller caller) {
        boolean person = !caller.roles().contains(API_KEY) && !caller.isService();
        Optional<UserAccount> account = person ? accounts.find(UUID.fromString(caller.subject())) : Optional.empty();
        List<MembershipResponse> memberships = person
                ? members.ofUser(UUID.fromString(caller.subject())).stream()
                        .map(one -> new MembershipResponse(
                                one.tenant(), one.tenantName(), one.role().word(), one.tenantStatus()))
                        .toList()
                : List.of();
        String role = Stream.of("owner", "admin", "member", API_KEY)
                .filter(caller.roles()::contains)
                .findFirst()
                .orElse(null);
        return new MeResponse(
                caller.subject(),
                account.map(UserAccount::email).orElse(null),
                account.map(UserAccount::emailVerified).orElse(null),
                account.map(UserAccount::name).orElse(null),
                caller.tenantOrNull(),
                caller.authProvider(),
                role,
                caller.platformAdmin(),
                memberships);
    }
}
