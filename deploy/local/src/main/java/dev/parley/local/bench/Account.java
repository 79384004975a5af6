package dev.parley.local.bench;

/**
 * A person who owns an organisation, and how it proves that.
 *
 * @param token the access token, good for some minutes
 */
record Account(String email, String token, String refreshToken, String userId, String tenantId) {
    /** An API key. */
    record Key(String id, String secret) {}
}
