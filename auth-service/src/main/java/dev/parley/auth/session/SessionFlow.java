package dev.parley.auth.session;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.AuthorizationResponse;
import com.nimbusds.oauth2.sdk.AuthorizationSuccessResponse;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.Prompt;
import com.nimbusds.openid.connect.sdk.claims.LogoutTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import com.nimbusds.openid.connect.sdk.validators.LogoutTokenValidator;
import dev.parley.auth.device.Device;
import dev.parley.auth.device.KnownDeviceService;
import dev.parley.auth.device.UnlockFlow;
import dev.parley.auth.identity.AccessTokens;
import dev.parley.auth.identity.ProvenPerson;
import dev.parley.auth.identity.SecretText;
import dev.parley.auth.member.MembershipService;
import dev.parley.auth.outbound.Grant;
import dev.parley.auth.outbound.KeycloakClient;
import dev.parley.auth.outbound.KeycloakConfig;
import dev.parley.auth.outbound.KeycloakKeys;
import dev.parley.auth.outbound.KeycloakTokens;
import dev.parley.platform.id.Ids;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Logs browsers in by OIDC code with PKCE (S256), state, nonce and a check of the issuer, and finds the person behind
 * a session's cookie, whose tokens are renewed when they are about to expire.
 */
@ApplicationScoped
public class SessionFlow {
    private static final Logger LOG = Logger.getLogger(SessionFlow.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final String ACTION_STATUS = "kc_action_status";
    private static final long LOOK_AGAIN_NANOS = 50_000_000;

    private final KeycloakClient keycloak;
    private final KeycloakKeys keys;
    private final KeycloakConfig client;
    private final AccessTokens accessTokens;
    private final SessionService sessions;
    private final ArrivalFlow arrivals;
    private final MembershipService members;
    private final KnownDeviceService devices;
    private final UnlockFlow unlocks;
    private final SessionConfig config;
    private final Clock clock;

    SessionFlow(
            KeycloakClient keycloak,
            KeycloakKeys keys,
            KeycloakConfig client,
            AccessTokens accessTokens,
            SessionService sessions,
            ArrivalFlow arrivals,
            MembershipService members,
            KnownDeviceService devices,
            UnlockFlow unlocks,
            SessionConfig config,
            Clock clock) {
        this.keycloak = keycloak;
        this.keys = keys;
        this.client = client;
        this.accessTokens = accessTokens;
        this.sessions = sessions;
        this.arrivals = arrivals;
        this.members = members;
        this.devices = devices;
        this.unlocks = unlocks;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Begins a login: where to send the browser, and the cookie that binds the answer to this browser. A browser from
     * which the person logged in before opens the lock that somebody else's guesses brought.
     */
    Beginning begin(RedirectTarget target, @Nullable LoginAction action, Device device) {
        unlocks.tryUnlock(device);
        SecretText state = SecretText.random();
        SecretText binding = SecretText.random();
        Nonce nonce = new Nonce(SecretText.random().value());
        CodeVerifier verifier = new CodeVerifier();
        sessions.begin(
                state,
                new LoginAttempt(
                        binding.sha256(),
                        nonce.getValue(),
                        verifier.getValue(),
                        target.path(),
                        clock.instant().plus(config.loginLifetime())));
        AuthenticationRequest.Builder keycloakLogin = new AuthenticationRequest.Builder(
                        ResponseType.CODE,
                        new Scope("openid", "email", "profile"),
                        new ClientID(client.clientId()),
                        callback())
                .endpointURI(keycloak.endpoint("auth"))
                .state(new State(state.value()))
                .nonce(nonce)
                .codeChallenge(verifier, CodeChallengeMethod.S256);
        if (action == LoginAction.REGISTER) {
            keycloakLogin.prompt(new Prompt(Prompt.Type.CREATE));
        } else if (action != null) {
            keycloakLogin.customParameter("kc_action", action.keycloakName());
        }
        return new Beginning(keycloakLogin.build().toURI(), binding);
    }

    /**
     * Ends a login: the session's cookie, and where the browser wanted to go, or back to the login page when the
     * arrival ended this session too; a 400 problem for anything odd.
     */
    Completion complete(Map<String, List<String>> answer, @Nullable SecretText binding, Device device) {
        AuthorizationSuccessResponse success = success(answer);
        LoginAttempt attempt = sessions.take(new SecretText(success.getState().getValue()))
                .orElseThrow(() -> failed("the login took too long or was finished before"));
        if (binding == null || !binding.matches(attempt.bindingSha256())) {
            throw failed("the login was begun in another browser");
        }
        if (!(keycloak.codeGrant(success.getAuthorizationCode().getValue(), attempt.codeVerifier(), callback())
                instanceof Grant.Granted granted)) {
            throw failed("the identity provider did not accept the code");
        }
        ProvenPerson person = proven(granted.tokens(), attempt.nonce());
        arrivals.arrived(person);
        if (person.sessionId() != null && sessions.isEnded(person.sessionId())) {
            return new Completion(SecretText.random(), SecretText.random(), login("", attempt));
        }
        SecretText cookie = SecretText.random();
        sessions.began(person, device);
        sessions.open(session(Ids.next(), person, granted.tokens()), cookie);
        return new Completion(cookie, devices.remember(device.token(), person.id()), next(person, attempt, answer));
    }

    /** A newcomer proves the address before anything else; whoever turns that down is let in and can do little. */
    private String next(ProvenPerson person, LoginAttempt attempt, Map<String, List<String>> answer) {
        boolean asked = answer.containsKey(ACTION_STATUS);
        if (asked || person.emailVerified() || !members.ofUser(person.id()).isEmpty()) {
            return attempt.redirectTo();
        }
        return login("action=" + LoginAction.VERIFY_EMAIL.word() + "&", attempt);
    }

    private static String login(String action, LoginAttempt attempt) {
        return "/auth/login?" + action + "redirect_to="
                + URLEncoder.encode(attempt.redirectTo(), StandardCharsets.UTF_8);
    }

    /** Ends the session that a logout token of Keycloak names; a 400 problem for any other text. */
    void endedAtKeycloak(String logoutToken) {
        try {
            SignedJWT token = SignedJWT.parse(logoutToken);
            LogoutTokenClaimsSet claims = new LogoutTokenValidator(
                            new Issuer(keycloak.issuer()),
                            new ClientID(client.clientId()),
                            JWSAlgorithm.RS256,
                            JWKSet.parse(
                                    keys.set(String.valueOf(token.getHeader().getKeyID()))))
                    .validate(token);
            if (claims.getSessionID() != null) {
                sessions.end(claims.getSessionID().getValue());
            }
        } catch (java.text.ParseException | BadJOSEException | JOSEException refused) {
            LOG.warn("a logout token was refused", refused);
            throw new Problem(SessionProblem.LOGOUT_TOKEN_NOT_VALID);
        }
    }

    /** Opens a session for tokens that were just granted and returns its cookie's value. */
    public SecretText open(String accessToken, String refreshToken, Duration refreshLifetime) {
        ProvenPerson person =
                accessTokens.verify(accessToken).orElseThrow(() -> failed("the access token is not valid"));
        SecretText cookie = SecretText.random();
        KeycloakTokens tokens = new KeycloakTokens(accessToken, refreshToken, null, 0, refreshLifetime.toSeconds());
        sessions.open(session(Ids.next(), person, tokens), cookie);
        return cookie;
    }

    /** Who is behind a session's cookie; empty when the session is unknown, ended or expired. */
    public Optional<ProvenPerson> resolve(SecretText cookie) {
        Instant giveUp = clock.instant().plus(PATIENCE);
        while (true) {
            Optional<BrowserSession> found = sessions.find(cookie);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            BrowserSession session = found.get();
            Instant now = clock.instant();
            if (session.accessExpiresAt().isAfter(now.plus(config.renewBefore()))) {
                return accessTokens.verify(session.accessToken());
            }
            if (sessions.claimRefresh(session)) {
                return renewed(session);
            }
            if (session.accessExpiresAt().isAfter(now)) {
                return accessTokens.verify(session.accessToken());
            }
            if (now.isAfter(giveUp)) {
                throw CommonProblem.unavailable(
                        "the identity provider", new IllegalStateException("another request renews the session"));
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    /** Ends the session of a cookie here and at Keycloak. */
    void logout(SecretText cookie) {
        sessions.find(cookie).ifPresent(session -> {
            sessions.end(session.sessionId());
            try {
                keycloak.logout(session.refreshToken());
            } catch (Problem unavailable) {
                // the session is over for Parley; Keycloak's own ends by itself
                LOG.warn("Keycloak was not told of a logout", unavailable);
            }
        });
    }

    private Optional<ProvenPerson> renewed(BrowserSession session) {
        try {
            if (!(keycloak.refreshGrant(session.refreshToken()) instanceof Grant.Granted granted)) {
                sessions.end(session.sessionId());
                return Optional.empty();
            }
            Optional<ProvenPerson> person = accessTokens
                    .verify(granted.tokens().accessToken())
                    .filter(proven -> proven.id().equals(session.userId()));
            if (person.isEmpty()) {
                sessions.end(session.sessionId());
                return Optional.empty();
            }
            sessions.renew(session(session.id(), person.get(), granted.tokens()));
            return person;
        } catch (Problem unavailable) {
            sessions.releaseRefresh(session);
            if (session.accessExpiresAt().isAfter(clock.instant())) {
                return accessTokens.verify(session.accessToken());
            }
            throw unavailable;
        }
    }

    private AuthorizationSuccessResponse success(Map<String, List<String>> answer) {
        try {
            AuthorizationResponse response = AuthorizationResponse.parse(callback(), answer);
            if (!response.indicatesSuccess()) {
                throw failed("the identity provider did not let you in");
            }
            AuthorizationSuccessResponse success = response.toSuccessResponse();
            boolean complete = success.getState() != null && success.getAuthorizationCode() != null;
            if (!complete || !new Issuer(keycloak.issuer()).equals(success.getIssuer())) {
                throw failed("the answer does not come from our identity provider");
            }
            return success;
        } catch (ParseException malformed) {
            throw failed("the answer of the identity provider cannot be read");
        }
    }

    private ProvenPerson proven(KeycloakTokens tokens, String nonce) {
        try {
            SignedJWT idToken = SignedJWT.parse(String.valueOf(tokens.idToken()));
            IDTokenValidator validator = new IDTokenValidator(
                    new Issuer(keycloak.issuer()),
                    new ClientID(client.clientId()),
                    JWSAlgorithm.RS256,
                    JWKSet.parse(keys.set(idToken.getHeader().getKeyID())));
            String subject =
                    validator.validate(idToken, new Nonce(nonce)).getSubject().getValue();
            return accessTokens
                    .verify(tokens.accessToken())
                    .filter(person -> person.id().toString().equals(subject))
                    .orElseThrow(() -> failed("the access token is not valid"));
        } catch (java.text.ParseException | BadJOSEException | JOSEException refused) {
            LOG.warn("an ID token was refused", refused);
            throw failed("the ID token is not valid");
        }
    }

    private BrowserSession session(UUID id, ProvenPerson person, KeycloakTokens tokens) {
        Instant now = clock.instant();
        return new BrowserSession(
                id,
                person.sessionId() == null ? id.toString() : person.sessionId(),
                person.id(),
                tokens.accessToken(),
                person.expiresAt(),
                tokens.refreshToken(),
                now.plusSeconds(tokens.refreshExpiresIn()));
    }

    private URI callback() {
        return URI.create(config.publicUrl() + "/auth/callback");
    }

    private static Problem failed(String detail) {
        return new Problem(SessionProblem.LOGIN_FAILED).detail(detail + "; start again at /auth/login");
    }

    record Beginning(URI keycloakLogin, SecretText binding) {}

    record Completion(SecretText cookie, SecretText deviceToken, String redirectTo) {}
}
