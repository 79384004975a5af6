package dev.parley.auth.signup;

import dev.parley.auth.device.Device;
import dev.parley.auth.device.KnownDeviceService;
import dev.parley.auth.founding.TrialFlow;
import dev.parley.auth.identity.AccessTokens;
import dev.parley.auth.identity.EmailAddress;
import dev.parley.auth.identity.ProvenPerson;
import dev.parley.auth.identity.SecretText;
import dev.parley.auth.login.GuessLimit;
import dev.parley.auth.outbound.Grant;
import dev.parley.auth.outbound.KeycloakClient;
import dev.parley.auth.outbound.KeycloakTokens;
import dev.parley.auth.outbound.KeycloakUser;
import dev.parley.auth.session.SessionService;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.virtual.threads.VirtualThreads;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.jboss.logging.Logger;

/**
 * Signs a newcomer up. Every step may be repeated, so whatever crashes between two of them, the same form with the
 * same password completes the account, and an account that nobody completes is completed or forgotten by the sweep:
 *
 * <ol>
 *   <li>note the intent, keyed by the e-mail address
 *   <li>create the user in Keycloak with its password, or find the one left by an earlier try
 *   <li>get tokens with the password, which proves that it is the same person
 *   <li>tenant, owner's membership and event in one transaction, which only one of many parallel tries wins
 *   <li>wait shortly until the trial is usable
 * </ol>
 */
@ApplicationScoped
public class SignupFlow {
    private static final Logger LOG = Logger.getLogger(SignupFlow.class);
    private static final int SWEEP_AT_ONCE = 50;
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(5);

    private final KeycloakClient keycloak;
    private final TrialFlow trial;
    private final SignupService signups;
    private final AccessTokens accessTokens;
    private final SessionService sessions;
    private final KnownDeviceService devices;
    private final VerificationFlow verification;
    private final GuessLimit guesses;
    private final ExecutorService threads;
    private final SignupConfig config;
    private final Clock clock;

    SignupFlow(
            KeycloakClient keycloak,
            TrialFlow trial,
            SignupService signups,
            AccessTokens accessTokens,
            SessionService sessions,
            KnownDeviceService devices,
            VerificationFlow verification,
            GuessLimit guesses,
            @VirtualThreads ExecutorService threads,
            SignupConfig config,
            Clock clock) {
        this.keycloak = keycloak;
        this.trial = trial;
        this.signups = signups;
        this.accessTokens = accessTokens;
        this.sessions = sessions;
        this.devices = devices;
        this.verification = verification;
        this.guesses = guesses;
        this.threads = threads;
        this.config = config;
        this.clock = clock;
    }

    /** Makes the account and logs it in; 409 when the address is taken, 422 when Keycloak wants a better password. */
    Arrival signUp(SignupRequest request, Device device) {
        EmailAddress email = EmailAddress.of(request.email());
        String name = request.name().strip();
        String organization = request.organization().strip();
        if (!signups.begin(email, name, organization)) {
            throw taken();
        }
        KeycloakTokens tokens = login(email, name, request.password());
        ProvenPerson person = accessTokens
                .verify(tokens.accessToken())
                .orElseThrow(() -> new IllegalStateException("Keycloak granted an access token that is not valid here:"
                        + " check issuer, audience and client of the realm"));
        TenantId tenant =
                signups.complete(email, name, organization, person.id()).orElseThrow(SignupFlow::taken);
        threads.execute(() -> verification.trySend(person.id()));
        sessions.began(person, device);
        SecretText deviceToken = devices.remember(device.token(), person.id());
        trial.await(tenant);
        return new Arrival(
                new SignupResponse(
                        tokens.accessToken(), tokens.refreshToken(), tokens.expiresIn(), person.id(), tenant),
                deviceToken);
    }

    record Arrival(SignupResponse account, SecretText deviceToken) {}

    private KeycloakTokens login(EmailAddress email, String name, String password) {
        switch (keycloak.createUser(email.value(), name, password)) {
            case WEAK_PASSWORD -> {
                signups.forget(email);
                throw new Problem(SignupProblem.WEAK_PASSWORD)
                        .with("errors", ProblemCompletion.error("/password", "is too weak"));
            }
            case INVALID -> {
                signups.forget(email);
                throw new Problem(CommonProblem.VALIDATION_FAILED)
                        .with("errors", ProblemCompletion.error("/email", "is not accepted by the identity provider"));
            }
            case EXISTS -> {
                if (signups.isCompleted(email)) {
                    throw taken();
                }
                return resumed(email, password);
            }
            case CREATED -> LOG.debug("a user was created");
        }
        return granted(email, password);
    }

    /** The password of a user that was there before is a guess like any other. */
    private KeycloakTokens resumed(EmailAddress email, String password) {
        if (!guesses.begin(email.value())) {
            signups.forget(email);
            throw taken();
        }
        KeycloakTokens tokens = granted(email, password);
        guesses.succeeded(email.value());
        return tokens;
    }

    private KeycloakTokens granted(EmailAddress email, String password) {
        if (keycloak.passwordGrant(email.value(), password) instanceof Grant.Granted granted) {
            return granted.tokens();
        }
        signups.forget(email);
        throw taken();
    }

    /** Completes sign-ups whose user exists since they began, and forgets those whose user was never made. */
    @Scheduled(
            every = "30s",
            delayed = "30s",
            identity = "signup-sweep",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        for (Signup signup : signups.unfinished(config.unfinishedAfter(), SWEEP_AT_ONCE)) {
            Operation.enter(null);
            try {
                converge(signup);
            } catch (Problem unavailable) {
                LOG.warn("unfinished sign-ups wait for Keycloak", unavailable);
                return;
            } finally {
                Operation.leave();
            }
        }
    }

    void converge(Signup signup) {
        Optional<KeycloakUser> user = keycloak.findUser(signup.email().value());
        boolean ours = user.isPresent()
                && !user.get().createdAt().isBefore(signup.createdAt().minus(CLOCKS_DIFFER));
        if (ours) {
            signups.complete(
                    signup.email(),
                    signup.name(),
                    signup.organization(),
                    user.get().id());
        } else {
            signups.forget(signup.email());
        }
    }

    private static Problem taken() {
        return new Problem(SignupProblem.EMAIL_TAKEN);
    }
}
