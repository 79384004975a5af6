package dev.parley.gateway.session;

/**
 * Who calls, as auth-service has said it: the context token and what events call its parts.
 *
 * @param authorization value of the Authorization header for the services
 * @param tenantId the tenant the caller acts for, or null
 * @param subject the user or API key
 * @param credentialId {@code api-key:<id>}, {@code session:<id>} or {@code user:<id>}
 * @param sessionId the login session a bearer token belongs to, or null
 * @param requestsPerMinute the limit that an API key was given, or 0
 * @param obtainedAt when it was exchanged, milliseconds since the epoch
 * @param expiresAt when the token ends, milliseconds since the epoch
 */
public record CallerContext(
        String authorization,
        String tenantId,
        String subject,
        String credentialId,
        String sessionId,
        int requestsPerMinute,
        long obtainedAt,
        long expiresAt) {

    @Override
    public String toString() {
        return "CallerContext[" + credentialId + ", tenant=" + tenantId + "]";
    }
}
