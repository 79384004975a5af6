package dev.parley.platform.crypto;

import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import dev.parley.platform.tenancy.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import org.jdbi.v3.core.Handle;

/**
 * Seals a tenant's files piece by piece: whatever their length, one piece is in memory. A sealed file is bound to its
 * place, and one that was cut, or whose pieces were moved, does not open.
 */
public final class FileKey {
    private static final int KEY_BYTES = 32;
    private static final int PIECE = 64 * 1024;

    private final int id;
    private final AesGcmHkdfStreaming cipher;

    FileKey(int id, byte[] key) throws GeneralSecurityException {
        this.id = id;
        this.cipher = new AesGcmHkdfStreaming(key, "HmacSha256", KEY_BYTES, PIECE, 0);
    }

    /** What to keep beside a file that this seals, for {@link SecretVault#fileKey(Handle, TenantId, Integer)}. */
    public int id() {
        return id;
    }

    /** What is written to the result is sealed into that stream; closing the one ends and closes the other. */
    public OutputStream sealing(String place, OutputStream out) throws IOException {
        try {
            return cipher.newEncryptingStream(out, place.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a file cannot be sealed", e);
        }
    }

    /** What was sealed for that place; reading fails where it is not what was sealed. */
    public InputStream opening(String place, InputStream sealed) throws IOException {
        try {
            return cipher.newDecryptingStream(sealed, place.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a file cannot be opened", e);
        }
    }
}
