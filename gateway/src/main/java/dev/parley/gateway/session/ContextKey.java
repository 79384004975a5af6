package dev.parley.gateway.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Names a cached context by the SHA-256 of its credential, so that memory holds no secret, and the chosen tenant. */
record ContextKey(long a, long b, long c, long d, String tenantId) {

    private static final MessageDigest SHA_256 = sha256();

    static ContextKey of(Credential credential, String tenantId) {
        MessageDigest digest = fresh();
        digest.update((byte) credential.kind().ordinal());
        var hash = ByteBuffer.wrap(digest.digest(credential.value().getBytes(StandardCharsets.UTF_8)));
        return new ContextKey(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong(), tenantId);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(a);
    }

    /** Cloning the prototype skips the provider lookup of getInstance. */
    private static MessageDigest fresh() {
        try {
            return (MessageDigest) SHA_256.clone();
        } catch (CloneNotSupportedException e) {
            return sha256();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
