package dev.parley.agent.provider.wire;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Reads server-sent events out of bytes that arrive in arbitrary pieces; not thread-safe, one per stream. */
final class ServerSentEvents {
    /** Takes each event; name is null when the event has none. */
    @FunctionalInterface
    interface Sink {
        void event(String name, byte[] data);
    }

    private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT = "event".getBytes(StandardCharsets.US_ASCII);

    private final Sink sink;
    private final int maxEventBytes;
    private byte[] line = new byte[512];
    private int lineLength;
    private boolean lastWasCarriageReturn;
    private String name;
    private ByteArrayOutputStream data;

    ServerSentEvents(int maxEventBytes, Sink sink) {
        this.maxEventBytes = maxEventBytes;
        this.sink = sink;
    }

    /**
     * Takes the next bytes.
     *
     * @throws IllegalStateException when one event is larger than allowed
     */
    void feed(Buffer chunk) {
        byte[] bytes = chunk.getBytes();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b == '\n' || b == '\r') {
                if (b == '\n' && lastWasCarriageReturn) {
                    lastWasCarriageReturn = false;
                    start = i + 1;
                    continue;
                }
                append(bytes, start, i);
                endOfLine();
                start = i + 1;
                lastWasCarriageReturn = b == '\r';
            } else {
                lastWasCarriageReturn = false;
            }
        }
        append(bytes, start, bytes.length);
    }

    private void append(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length <= 0) {
            return;
        }
        if (lineLength + length + (data == null ? 0 : data.size()) > maxEventBytes) {
            throw new IllegalStateException("event too large");
        }
        if (lineLength + length > line.length) {
            line = java.util.Arrays.copyOf(line, Math.max(line.length * 2, lineLength + length));
        }
        System.arraycopy(bytes, from, line, lineLength, length);
        lineLength += length;
    }

    private void endOfLine() {
        int length = lineLength;
        lineLength = 0;
        if (length == 0) {
            if (data != null) {
                byte[] whole = data.toByteArray();
                String named = name;
                data = null;
                name = null;
                sink.event(named, whole);
            }
            name = null;
            return;
        }
        int colon = 0;
        while (colon < length && line[colon] != ':') {
            colon++;
        }
        int value = Math.min(length, colon + 1);
        if (value < length && line[value] == ' ') {
            value++;
        }
        if (isField(DATA, colon)) {
            if (data == null) {
                data = new ByteArrayOutputStream(length);
            } else {
                data.write('\n');
            }
            data.write(line, value, length - value);
        } else if (isField(EVENT, colon)) {
            name = new String(line, value, length - value, StandardCharsets.UTF_8);
        }
    }

    private boolean isField(byte[] field, int length) {
        return java.util.Arrays.equals(line, 0, length, field, 0, field.length);
    }
}
