package dev.parley.auth.outbound;

/** What Keycloak answered to a request for tokens. */
public sealed interface Grant {
    /** The tokens were granted. */
    record Granted(KeycloakTokens tokens) implements Grant {}

    /**
     * The credential is not good.
     *
     * @param reused whether it is a refresh token that was used before, which ends its session
     */
    record Refused(boolean reused) implements Grant {}
}
