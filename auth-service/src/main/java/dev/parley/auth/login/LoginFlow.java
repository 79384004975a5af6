package dev.parley.auth.login;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.auth.device.Device;
import dev.parley.auth.device.KnownDeviceService;
import dev.parley.auth.device.UnlockFlow;
import dev.parley.auth.identity.AccessTokens;
import dev.parley.auth.identity.EmailAddress;
import dev.parley.auth.identity.ProvenPerson;
import dev.parley.auth.identity.SecretText;
import dev.parley.auth.identity.UserAccount;
import dev.parley.auth.identity.UserAccountService;
import dev.parley.auth.outbound.Grant;
import dev.parley.auth.outbound.KeycloakClient;
import dev.parley.auth.session.SessionService;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;

/** Exchanges passwords and refresh tokens for tokens at Keycloak; a refusal never says why. */
@ApplicationScoped
public class LoginFlow {
    private static final int TRIES = 3;

    private final KeycloakClient keycloak;
    private final AccessTokens accessTokens;
    private final UnlockFlow unlocks;
    private final KnownDeviceService devices;
    private final UserAccountService accounts;
    private final GuessLimit guesses;
    private final SessionService sessions;
    private final ObjectMapper json;

    LoginFlow(
            KeycloakClient keycloak,
            AccessTokens accessTokens,
            UnlockFlow unlocks,
            KnownDeviceService devices,
            UserAccountService accounts,
            GuessLimit guesses,
            SessionService sessions,
            ObjectMapper json) {
        this.keycloak = keycloak;
        this.accessTokens = accessTokens;
        this.unlocks = unlocks;
        this.devices = devices;
        this.accounts = accounts;
        this.guesses = guesses;
        this.sessions = sessions;
        this.json = json;
    }

    /** Logs a person in; a device that the person used before opens the lock that somebody else's guesses brought. */
    Login login(LoginRequest request, Device device) {
        String email = EmailAddress.parse(request.email())
                .orElseThrow(LoginFlow::unauthenticated)
                .value();
        boolean known = isKnown(device, email);
        if (!known && !guesses.begin(email)) {
            throw unauthenticated();
        }
        Grant grant = keycloak.passwordGrant(email, request.password(), request.otp());
        for (int i = 0; i < TRIES && known && grant instanceof Grant.Refused && unlocks.unlock(device); i++) {
            grant = keycloak.passwordGrant(email, request.password(), request.otp());
        }
        if (!(grant instanceof Grant.Granted granted)) {
            if (device.token() != null) {
                devices.failed(device.token());
            }
            throw unauthenticated();
        }
        ProvenPerson person = accessTokens
                .verify(granted.tokens().accessToken())
                .orElseThrow(
                        () -> new IllegalStateException("Keycloak granted an access token that is not valid here"));
        if (!known) {
            guesses.succeeded(email);
        }
        sessions.began(person, device);
        return new Login(TokensResponse.from(granted.tokens()), devices.remember(device.token(), person.id()));
    }

    private boolean isKnown(Device device, String email) {
        return devices.owner(device.token())
                .flatMap(accounts::find)
                .map(UserAccount::email)
                .filter(email::equals)
                .isPresent();
    }

    record Login(TokensResponse tokens, SecretText deviceToken) {}

    /** Gives new tokens for a refresh token; one that was used before ends its session. */
    public TokensResponse refresh(RefreshRequest request) {
        Optional<String> session = sessionOf(request.refreshToken());
        if (session.isEmpty() || sessions.isEnded(session.get())) {
            throw unauthenticated();
        }
        return switch (keycloak.refreshGrant(request.refreshToken())) {
            case Grant.Granted granted -> TokensResponse.from(granted.tokens());
            case Grant.Refused refused -> {
                if (refused.reused()) {
                    // Keycloak says so only of tokens that it signed itself, so the session is genuine
                    sessions.end(session.get());
                }
                throw unauthenticated();
            }
        };
    }

    /** Ends the session of a refresh token; one that is not valid is no error, because it is gone already. */
    public void logout(RefreshRequest request) {
        Optional<String> session = sessionOf(request.refreshToken());
        if (session.isPresent() && keycloak.logout(request.refreshToken())) {
            sessions.end(session.get());
        }
    }

    /** The session that a refresh token names; only Keycloak can tell whether the token is genuine. */
    private Optional<String> sessionOf(String refreshToken) {
        String[] parts = refreshToken.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(json.readTree(Base64.getUrlDecoder().decode(parts[1]))
                    .path("sid")
                    .asText(null));
        } catch (IOException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static Problem unauthenticated() {
        return new Problem(CommonProblem.UNAUTHENTICATED).header("WWW-Authenticate", "Bearer");
    }
}
