package dev.parley.auth.signup;

import dev.parley.auth.identity.UserAccountService;
import dev.parley.auth.outbound.KeycloakClient;
import dev.parley.auth.session.SessionConfig;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Sends the mail whose link proves an e-mail address. */
@ApplicationScoped
class VerificationFlow {
    private static final Logger LOG = Logger.getLogger(VerificationFlow.class);

    private final KeycloakClient keycloak;
    private final UserAccountService accounts;
    private final URI console;

    VerificationFlow(KeycloakClient keycloak, UserAccountService accounts, SessionConfig config) {
        this.keycloak = keycloak;
        this.accounts = accounts;
        this.console = URI.create(config.publicUrl() + "/console/");
    }

    /** Sends the calling person another mail. */
    void send(Caller caller) {
        keycloak.sendVerificationMail(accounts.personOf(caller), console);
    }

    /** Sends the mail of a sign-up, which succeeds without it: the person can ask for another one. */
    void trySend(UUID user) {
        try {
            keycloak.sendVerificationMail(user, console);
        } catch (Problem unavailable) {
            LOG.warn("a verification mail was not sent", unavailable);
        }
    }
}
