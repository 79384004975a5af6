package dev.parley.auth.context;

/**
 * A tenant context of a service.
 *
 * @param expiresIn seconds
 */
public record ServiceContextResponse(String token, long expiresIn) {
    @Override
    public String toString() {
        return "ServiceContextResponse[expiresIn=" + expiresIn + "]";
    }
}
