package dev.parley.billing.closing;

import dev.parley.platform.crypto.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** SHA-256 over texts, in hexadecimal digits. */
final class Digest {
    private final MessageDigest sha256 = Sha256.start();

    Digest add(String text) {
        sha256.update(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** The digest of what was added; it begins anew afterwards. */
    String end() {
        return HexFormat.of().formatHex(sha256.digest());
    }
}
