package dev.parley.auth.session;

import dev.parley.platform.problem.Problem;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a person may ask the login page to do besides logging in; nothing else is passed on to it. */
enum LoginAction {
    /** Choose another password. */
    PASSWORD("UPDATE_PASSWORD"),
    /** Set up one-time codes as second factor. */
    TOTP("CONFIGURE_TOTP"),
    /** Add a passkey. */
    PASSKEY("webauthn-register-passwordless"),
    /** Prove that the e-mail address is one's own. */
    VERIFY_EMAIL("VERIFY_EMAIL"),
    /** Make a new account. */
    REGISTER(null);

    private final @Nullable String keycloakName;

    LoginAction(@Nullable String keycloakName) {
        this.keycloakName = keycloakName;
    }

    /** Reads what a client asked for, such as {@code verify-email}; null for nothing, a 400 problem for anything else. */
    static @Nullable LoginAction of(@Nullable String asked) {
        if (asked == null || asked.isEmpty()) {
            return null;
        }
        return Arrays.stream(values())
                .filter(action -> action.word().equals(asked))
                .findFirst()
                .orElseThrow(() -> new Problem(SessionProblem.LOGIN_ACTION_UNKNOWN)
                        .detail("action must be one of "
                                + String.join(
                                        ", ",
                                        Arrays.stream(values())
                                                .map(LoginAction::word)
                                                .toList())));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The value of Keycloak's parameter {@code kc_action}, or null for the registration page. */
    @Nullable
    String keycloakName() {
        return keycloakName;
    }
}
