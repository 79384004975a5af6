package dev.parley.gateway.route;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** Follows the frames in the bytes of a WebSocket (RFC 6455), to know when a frame of ours may be added. */
final class WebSocketFrames {
    private static final int LONGEST_HEAD = 14;
    private static final int CLOSE = 0x88;

    private final byte[] head = new byte[LONGEST_HEAD];
    private int headRead;
    private long payloadLeft;

    /** Takes note of the next bytes. */
    void pass(Buffer bytes) {
        int at = 0;
        while (at < bytes.length()) {
            if (payloadLeft > 0) {
                long taken = Math.min(payloadLeft, bytes.length() - at);
                payloadLeft -= taken;
                at += (int) taken;
            } else {
                head[headRead++] = bytes.getByte(at++);
                if (headRead > 1 && headRead == headLength()) {
                    payloadLeft = payloadLength();
                    headRead = 0;
                }
            }
        }
    }

    /** Whether the last frame is complete. */
    boolean complete() {
        return headRead == 0 && payloadLeft == 0;
    }

    /** The frame by which a server ends a WebSocket. */
    static Buffer close(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        return Buffer.buffer()
                .appendUnsignedByte((short) CLOSE)
                .appendUnsignedByte((short) (Short.BYTES + text.length))
                .appendUnsignedShort(code)
                .appendBytes(text);
    }

    private int headLength() {
        return 2 + extendedLength() + (head[1] < 0 ? Integer.BYTES : 0);
    }

    private int extendedLength() {
        return switch (head[1] & 0x7f) {
            case 126 -> Short.BYTES;
            case 127 -> Long.BYTES;
            default -> 0;
        };
    }

    private long payloadLength() {
        int extended = extendedLength();
        if (extended == 0) {
            return head[1] & 0x7f;
        }
        long length = 0;
        for (int i = 2; i < 2 + extended; i++) {
            length = length << Byte.SIZE | head[i] & 0xff;
        }
        return length & Long.MAX_VALUE;
    }
}
