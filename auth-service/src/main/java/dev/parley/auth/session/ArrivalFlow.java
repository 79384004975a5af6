package dev.parley.auth.session;

import dev.parley.auth.apikey.ApiKeyService;
import dev.parley.auth.device.KnownDeviceService;
import dev.parley.auth.identity.ProvenPerson;
import dev.parley.auth.identity.UserAccount;
import dev.parley.auth.identity.UserAccountService;
import dev.parley.auth.member.Membership;
import dev.parley.auth.member.MembershipService;
import dev.parley.auth.outbound.KeycloakClient;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Takes note of people who come with a valid token. Somebody may have signed up with an address that is not its own and
 * wait for the owner: when an address that nobody had proven is proven by an identity provider, whatever password, second
 * factor, device, session and API key the account had before ends.
 */
@ApplicationScoped
public class ArrivalFlow {
    private static final Logger LOG = Logger.getLogger(ArrivalFlow.class);
    private static final String PASSWORD = "password";

    private final UserAccountService accounts;
    private final OwnSessionsFlow sessions;
    private final KnownDeviceService devices;
    private final MembershipService members;
    private final ApiKeyService apiKeys;
    private final KeycloakClient keycloak;

    ArrivalFlow(
            UserAccountService accounts,
            OwnSessionsFlow sessions,
            KnownDeviceService devices,
            MembershipService members,
            ApiKeyService apiKeys,
            KeycloakClient keycloak) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.devices = devices;
        this.members = members;
        this.apiKeys = apiKeys;
        this.keycloak = keycloak;
    }

    /** Notes the person; repeated until it succeeds, because only then the address counts as proven here. */
    public void arrived(ProvenPerson person) {
        Optional<UserAccount> known = accounts.find(person.id());
        if (known.isPresent() && known.get().agreesWith(person)) {
            return;
        }
        if (person.emailVerified() && isUnproven(known) && keycloak.isFederated(person.id())) {
            keycloak.removeCredentials(person.id());
            devices.forgetAll(person.id());
            for (Membership membership : members.ofUser(person.id())) {
                apiKeys.revokeMadeBy(new Caller(
                        membership.tenant(),
                        person.id().toString(),
                        PASSWORD,
                        membership.role().withIncluded(),
                        Set.of()));
            }
            sessions.endAllExcept(person.id(), PASSWORD.equals(person.authProvider()) ? null : person.sessionId());
            LOG.info("an account with an unproven address was taken over by the address's owner");
        }
        accounts.seen(person);
    }

    private static boolean isUnproven(Optional<UserAccount> known) {
        return known.isPresent() && !known.get().emailVerified();
    }
}
