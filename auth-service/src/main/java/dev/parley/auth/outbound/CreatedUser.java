package dev.parley.auth.outbound;

/** What became of the wish to create a user in Keycloak. */
public enum CreatedUser {
    /** The user is new. */
    CREATED,
    /** There is a user with that e-mail address already. */
    EXISTS,
    /** The realm's policy does not accept the password. */
    WEAK_PASSWORD,
    /** The realm does not accept the name or the e-mail address. */
    INVALID
}
