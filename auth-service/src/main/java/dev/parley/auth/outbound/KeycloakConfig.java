package dev.parley.auth.outbound;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Set;

/** Where Keycloak is and how auth-service is known there. */
@ConfigMapping(prefix = "auth.keycloak")
public interface KeycloakConfig {
    /** Keycloak's address as browsers and services reach it, without a path. */
    URI url();

    /** The realm that holds all users. */
    String realm();

    /** The confidential client of people: code with PKCE, and direct grant. */
    String clientId();

    /** The secret of {@link #clientId()}. */
    String clientSecret();

    /** The client whose service account may manage users. */
    String adminClientId();

    /** The secret of {@link #adminClientId()}. */
    String adminClientSecret();

    /** The audience that an access token must name. */
    @WithDefault("parley")
    String audience();

    /** The clients whose access tokens are accepted. */
    Set<String> authorizedParties();

    /** How long one call may take. */
    @WithDefault("5S")
    Duration timeout();

    /** How long signing keys are used before they are read again, so that a withdrawn key is forgotten. */
    @WithDefault("1H")
    Duration keyLifetime();

    /** The least time between two looks for a signing key that is not known. */
    @WithDefault("10S")
    Duration unknownKeyCooldown();
}
