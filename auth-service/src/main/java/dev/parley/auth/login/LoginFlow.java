package dev.parley.auth.login;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.auth.identity.EmailAddress;
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
    private final KeycloakClient keycloak;
    private final SessionService sessions;
    private final ObjectMapper json;

    LoginFlow(KeycloakClient keycloak, SessionService sessions, ObjectMapper json) {
        this.keycloak = keycloak;
        this.sessions = sessions;
        this.json = json;
    }

    /** Logs a person in. */
    public TokensResponse login(LoginRequest request) {
        String email = EmailAddress.parse(request.email())
                .orElseThrow(LoginFlow::unauthenticated)
                .value();
        return switch (keycloak.passwordGrant(email, request.password())) {
            case Grant.Granted granted -> TokensResponse.from(granted.tokens());
            case Grant.Refused refused -> throw unauthenticated();
        };
    }

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
