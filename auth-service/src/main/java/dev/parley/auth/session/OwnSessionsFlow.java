package dev.parley.auth.session;

import dev.parley.auth.device.KnownDeviceService;
import dev.parley.auth.identity.UserAccountService;
import dev.parley.auth.outbound.KeycloakClient;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Shows people where they are logged in, and ends that. A session ends here first, so that its tokens count no more
 * whatever Keycloak does; when Keycloak cannot be told, the answer is a 503 problem and a repetition tells it.
 */
@ApplicationScoped
public class OwnSessionsFlow {
    private final SessionService sessions;
    private final KnownDeviceService devices;
    private final UserAccountService accounts;
    private final KeycloakClient keycloak;

    OwnSessionsFlow(
            SessionService sessions, KnownDeviceService devices, UserAccountService accounts, KeycloakClient keycloak) {
        this.sessions = sessions;
        this.devices = devices;
        this.accounts = accounts;
        this.keycloak = keycloak;
    }

    SessionsResponse list(Caller caller, @Nullable String current) {
        return new SessionsResponse(sessions.ofUser(accounts.personOf(caller)).stream()
                .map(one -> new SessionsResponse.SessionItem(
                        one.id(),
                        one.device(),
                        one.address(),
                        one.startedAt(),
                        one.lastUsedAt(),
                        one.id().equals(current)))
                .toList());
    }

    void end(Caller caller, String sessionId) {
        UUID user = accounts.personOf(caller);
        boolean own = sessions.ofUser(user).stream().anyMatch(one -> one.id().equals(sessionId))
                || keycloak.sessions(user).contains(sessionId);
        if (!own) {
            throw new Problem(CommonProblem.NOT_FOUND);
        }
        sessions.end(sessionId);
        keycloak.endSession(sessionId);
    }

    /** Ends all sessions of the caller, this one too, and forgets its devices. */
    void endAll(Caller caller) {
        UUID user = accounts.personOf(caller);
        devices.forgetAll(user);
        endAllExcept(user, null);
    }

    /** Ends all sessions of a person but one. */
    void endAllExcept(UUID user, @Nullable String kept) {
        Set<String> known = new LinkedHashSet<>();
        sessions.ofUser(user).forEach(one -> known.add(one.id()));
        known.remove(kept);
        known.forEach(sessions::end);
        Set<String> atKeycloak = keycloak.sessions(user);
        atKeycloak.remove(kept);
        atKeycloak.forEach(id -> {
            sessions.end(id);
            keycloak.endSession(id);
        });
    }
}
