package dev.parley.auth.session;

import java.time.Instant;

record LoginAttempt(byte[] bindingSha256, String nonce, String codeVerifier, String redirectTo, Instant expiresAt) {
    @Override
    public String toString() {
        return "LoginAttempt[redirectTo=" + redirectTo + "]";
    }
}
