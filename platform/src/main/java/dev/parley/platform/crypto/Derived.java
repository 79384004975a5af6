package dev.parley.platform.crypto;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.subtle.Hkdf;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/** Keys for other purposes, made from keys that we have: HKDF with HMAC-SHA256 (RFC 5869), without salt. */
final class Derived {
    private static final int BYTES = 32;

    private Derived() {}

    /** The 32 bytes that an AES-GCM key gives for one purpose. */
    @AccessesPartialKey
    static byte[] from(KeysetHandle.Entry entry, String purpose) throws GeneralSecurityException {
        if (!(entry.getKey() instanceof AesGcmKey source)) {
            throw new GeneralSecurityException("the key " + entry.getId() + " is not AES-GCM");
        }
        return Hkdf.computeHkdf(
                "HMACSHA256",
                source.getKeyBytes().toByteArray(InsecureSecretKeyAccess.get()),
                new byte[0],
                purpose.getBytes(StandardCharsets.UTF_8),
                BYTES);
    }
}
