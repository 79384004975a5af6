package dev.parley.auth.session;

import dev.parley.auth.apikey.ApiKeyService;
import dev.parley.auth.device.KnownDeviceService;
import dev.parley.auth.identity.FreshProof;
import dev.parley.auth.identity.Proof;
import dev.parley.auth.identity.ProvenPerson;
import dev.parley.auth.identity.UserAccount;
import dev.parley.auth.identity.UserAccountService;
import dev.parley.auth.member.Membership;
import dev.parley.auth.member.MembershipService;
import dev.parley.auth.outbound.KeycloakClient;
import dev.parley.auth.outbound.LoginMeans;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes note of people who come with a valid token. Somebody may have signed up with an address that is not its own and
 * wait for the owner, whoever made the account and whether or not Parley has seen it. So, once, when an address turns
 * out to be proven that Parley did not know to be:
 *
 * <ul>
 *   <li>A person who opened the link in the mail after signing up keeps everything, and so does a newcomer by an
 *       identity provider.
 *   <li>A password that is not the account's first came by mail: it stays, and all else ends, which is one-time codes,
 *       passkeys, known devices, the API keys that the person made, and every session. The new password opens the next.
 *   <li>An identity provider that proved the address of an account with a password stays with its session, and all else
 *       ends, the password first.
 *   <li>Where both happened, or several providers are linked, nothing stays: a new password comes by mail.
 * </ul>
 *
 * <p>The owner may also have opened the link of a mail that the squatter asked for, which looks like the first case. Of
 * an account without a provider the proof is therefore watched for half an hour: when the password changes meanwhile, as
 * the owner's does who asks for a new one, it stays and all else ends as in the second case.
 */
@ApplicationScoped
public class ArrivalFlow {
    private static final Logger LOG = Logger.getLogger(ArrivalFlow.class);
    private static final String PASSWORD = "password";
    private static final Duration FRESH = Duration.ofMinutes(30);
    private static final int AT_ONCE = 100;

    private final UserAccountService accounts;
    private final OwnSessionsFlow sessions;
    private final KnownDeviceService devices;
    private final MembershipService members;
    private final ApiKeyService apiKeys;
    private final KeycloakClient keycloak;
    private final Clock clock;

    ArrivalFlow(
            UserAccountService accounts,
            OwnSessionsFlow sessions,
            KnownDeviceService devices,
            MembershipService members,
            ApiKeyService apiKeys,
            KeycloakClient keycloak,
            Clock clock) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.devices = devices;
        this.members = members;
        this.apiKeys = apiKeys;
        this.keycloak = keycloak;
        this.clock = clock;
    }

    /** Notes the person; repeated until it succeeds, because only then the address counts as proven here. */
    public void arrived(ProvenPerson person) {
        Optional<UserAccount> known = accounts.find(person.id());
        if (known.isPresent() && known.get().agreesWith(person)) {
            return;
        }
        boolean provenBefore = known.isPresent() && known.get().emailVerified();
        if (person.email() == null || !person.emailVerified() || provenBefore) {
            accounts.seen(person);
            return;
        }
        LoginMeans means = keycloak.loginMeans(person.id())
                .orElseThrow(() -> new Problem(CommonProblem.UNAUTHENTICATED).header("WWW-Authenticate", "Bearer"));
        Proof proof = Proof.of(means);
        if (proof != Proof.KEEPS_ALL) {
            boolean byProvider = !PASSWORD.equals(person.authProvider());
            end(person.id(), proof, proof == Proof.KEEPS_LINK && byProvider ? person.sessionId() : null);
        }
        if (means.providers().isEmpty()) {
            accounts.seenProven(person, means.passwordSetAt());
        } else {
            accounts.seen(person);
        }
    }

    /** Looks whether a fresh proof was that of a new password after all. */
    @Scheduled(
            every = "5s",
            delayed = "15s",
            identity = "fresh-proofs",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void watch() {
        for (FreshProof proof : accounts.freshProofs(AT_ONCE)) {
            Operation.enter(null);
            try {
                look(proof);
            } catch (Problem unavailable) {
                LOG.warn("fresh proofs wait for Keycloak", unavailable);
                return;
            } finally {
                Operation.leave();
            }
        }
    }

    private void look(FreshProof proof) {
        Optional<LoginMeans> changed = keycloak.loginMeans(proof.user())
                .filter(means -> !Objects.equals(means.passwordSetAt(), proof.passwordSetAt()));
        if (changed.isPresent()) {
            LoginMeans means = changed.get();
            end(proof.user(), means.providers().isEmpty() ? Proof.KEEPS_PASSWORD : Proof.KEEPS_NOTHING, null);
            accounts.watch(proof.user(), means.passwordSetAt());
        } else if (proof.since().plus(FRESH).isBefore(clock.instant())) {
            accounts.settled(proof);
        } else {
            accounts.lookLater(proof);
        }
    }

    private void end(UUID user, Proof proof, @Nullable String keptSession) {
        // twice: until its session ends somebody may enrol anew
        for (int i = 0; i < 2; i++) {
            keycloak.removeCredentials(user, proof == Proof.KEEPS_PASSWORD);
            if (proof == Proof.KEEPS_NOTHING) {
                keycloak.unlinkProviders(user);
            }
            sessions.endAllExcept(user, keptSession);
        }
        devices.forgetAll(user);
        for (Membership membership : members.ofUser(user)) {
            apiKeys.revokeMadeBy(new Caller(
                    membership.tenant(),
                    user.toString(),
                    PASSWORD,
                    membership.role().withIncluded(),
                    Set.of()));
        }
        LOG.infof("an account with an unproven address was taken over by the address's owner: %s", proof);
    }
}
