package dev.parley.platform.crypto;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.OptionalInt;

/** How Tink names the key before what it encrypts: a 1, and the key's number in four bytes. */
final class KeyName {
    static final int BYTES = 5;
    private static final byte TINK = 1;

    private KeyName() {}

    static byte[] of(int key) {
        return ByteBuffer.allocate(BYTES).put(TINK).putInt(key).array();
    }

    static String hex(int key) {
        return HexFormat.of().formatHex(of(key));
    }

    /** The key of a ciphertext; empty when it does not name one. */
    static OptionalInt in(byte[] ciphertext) {
        return ciphertext.length > BYTES && ciphertext[0] == TINK
                ? OptionalInt.of(ByteBuffer.wrap(ciphertext).getInt(1))
                : OptionalInt.empty();
    }
}
