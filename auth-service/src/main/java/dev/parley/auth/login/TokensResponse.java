package dev.parley.auth.login;

import dev.parley.auth.outbound.KeycloakTokens;

/**
 * Tokens of a person.
 *
 * @param expiresIn seconds that the access token lives
 */
public record TokensResponse(String accessToken, String refreshToken, long expiresIn) {
    static TokensResponse from(KeycloakTokens tokens) {
        return new TokensResponse(tokens.accessToken(), tokens.refreshToken(), tokens.expiresIn());
    }

    @Override
    public String toString() {
        return "TokensResponse[expiresIn=" + expiresIn + "]";
    }
}
