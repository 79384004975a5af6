package dev.parley.auth.identity;

import dev.parley.auth.outbound.KeycloakClient;
import dev.parley.auth.outbound.KeycloakUser;
import dev.parley.auth.outbound.LoginMeans;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Guards what needs a proven e-mail address. A token says so only after its next renewal, so that Keycloak itself is
 * asked about a person who is not known to have proven it; never call this within a transaction.
 */
@ApplicationScoped
public class VerifiedEmailFlow {
    private final UserAccountService accounts;
    private final KeycloakClient keycloak;

    VerifiedEmailFlow(UserAccountService accounts, KeycloakClient keycloak) {
        this.accounts = accounts;
        this.keycloak = keycloak;
    }

    /** The account of the calling person; a 403 problem EMAIL_NOT_VERIFIED when its address is not proven. */
    public UserAccount require(Caller caller) {
        UserAccount account = accounts.find(accounts.personOf(caller))
                .orElseThrow(() -> new Problem(CommonProblem.FORBIDDEN).detail("this person has no account"));
        if (account.emailVerified()) {
            return account;
        }
        boolean proven = keycloak.findUser(account.email())
                .filter(user -> user.id().equals(account.id()))
                .map(KeycloakUser::emailVerified)
                .orElse(false);
        if (!proven) {
            throw new Problem(IdentityProblem.EMAIL_NOT_VERIFIED)
                    .detail("open the link in the mail that Parley sent to your address");
        }
        LoginMeans means = keycloak.loginMeans(account.id())
                .filter(known -> Proof.of(known) == Proof.KEEPS_ALL)
                // what the account had before the proof must end first, which the next login does
                .orElseThrow(() -> new Problem(IdentityProblem.EMAIL_NOT_VERIFIED).detail("log in again"));
        accounts.verified(account, means);
        return new UserAccount(account.id(), account.email(), account.name(), true);
    }
}
