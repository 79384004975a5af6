package dev.parley.simulators.exchange;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/** A request's body while it arrives, in one array that fits when the length was announced. */
final class Body {

    /** A sixteenth of the heap, so that a few large bodies at once fit while they are read: 4 MiB of 64. */
    static final int MOST = (int) Math.min(16 << 20, Runtime.getRuntime().maxMemory() / 16);

    private static final byte[] NONE = new byte[0];

    private byte[] bytes;
    private int length;

    /** A body whose length is announced, or not: then -1. */
    Body(int announced) {
        bytes = announced <= 0 ? NONE : new byte[announced];
    }

    /** Takes the next part; false when it is too much. */
    boolean add(Buffer part) {
        int needed = length + part.length();
        if (needed > MOST) {
            return false;
        }
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
        }
        part.getBytes(bytes, length);
        length = needed;
        return true;
    }

    byte[] whole() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
}
