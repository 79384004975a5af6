package dev.parley.billing.closing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over texts, in hexadecimal digits. */
final class Digest {
    private final MessageDigest sha256;

    Digest() {
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    Digest add(String text) {
        sha256.update(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** The digest of what was added; it begins anew afterwards. */
    String end() {
        return HexFormat.of().formatHex(sha256.digest());
    }
}
