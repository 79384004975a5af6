package dev.parley.gateway.edge;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Whether a path means the same to us and to the service behind. One that a service would rewrite (dot segments, encoded
 * slashes) could pass our route table and reach what is not routed, so it is refused instead of repaired.
 */
final class RequestTarget {

    private RequestTarget() {}

    static boolean unambiguous(String path) {
        if (path == null || path.isEmpty() || path.charAt(0) != '/') {
            return false;
        }
        boolean encoded = false;
        int segment = 1;
        for (int i = 1; i <= path.length(); i++) {
            char c = i == path.length() ? '/' : path.charAt(i);
            if (c == '/') {
                if (dots(path, segment, i) || (i == segment && i < path.length())) {
                    return false;
                }
                segment = i + 1;
            } else if (c <= ' ' || c == '\\' || c == 0x7f || c > 0x7e) {
                return false;
            } else if (c == '%') {
                encoded = true;
            }
        }
        return !encoded || decodesCleanly(path);
    }

    private static boolean dots(String path, int from, int to) {
        int length = to - from;
        return (length == 1 && path.charAt(from) == '.')
                || (length == 2 && path.charAt(from) == '.' && path.charAt(from + 1) == '.');
    }

    /** Percent-encoding must be complete, UTF-8, and not hide a character that structures a path. */
    private static boolean decodesCleanly(String path) {
        var bytes = ByteBuffer.allocate(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '%') {
                bytes.put((byte) c);
                continue;
            }
            if (i + 2 >= path.length()) {
                return false;
            }
            int high = Character.digit(path.charAt(i + 1), 16);
            int low = Character.digit(path.charAt(i + 2), 16);
            if (high < 0 || low < 0) {
                return false;
            }
            int decoded = high << 4 | low;
            if (decoded < ' '
                    || decoded == 0x7f
                    || decoded == '.'
                    || decoded == '/'
                    || decoded == '\\'
                    || decoded == '%'
                    || decoded == ';') {
                return false;
            }
            bytes.put((byte) decoded);
            i += 2;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(bytes.flip());
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
