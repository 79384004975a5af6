package dev.parley.local.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Many connections on one thread, each sending its next request when the last was answered. It costs a few microseconds
 * per request, so that what is loaded gets the processors; answers must state their length.
 */
final class Swarm {
    private static final int BUFFER = 32 * 1024;
    private static final int STATUS_AT = 9;
    private static final byte[] LENGTH = "content-length:".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final int port;
    private final List<byte[]> requests;
    private int next;
    private int answered;
    private int errors;
    private long[] latencies = new long[1 << 16];

    private Swarm(int port, List<byte[]> requests) {
        this.port = port;
        this.requests = requests;
    }

    /** Loads one server and says what came of it. */
    static Load.Result run(int port, byte[] request, int connections, int seconds) throws IOException {
        return run(port, List.of(request), connections, seconds);
    }

    /** The same with these requests in turn. */
    static Load.Result run(int port, List<byte[]> requests, int connections, int seconds) throws IOException {
        return new Swarm(port, requests).run(connections, seconds);
    }

    private Load.Result run(int connections, int seconds) throws IOException {
        long start = System.nanoTime();
        long end = start + TimeUnit.SECONDS.toNanos(seconds);
        try (Selector selector = Selector.open()) {
            try {
                for (int i = 0; i < connections; i++) {
                    Lane lane = new Lane();
                    lane.channel.register(selector, SelectionKey.OP_READ, lane);
                    lane.send();
                }
                while (System.nanoTime() < end) {
                    selector.select(key -> ((Lane) key.attachment()).read(), 100);
                }
            } finally {
                for (SelectionKey key : selector.keys()) {
                    key.channel().close();
                }
            }
        }
        long took = System.nanoTime() - start;
        long[] sorted = Arrays.copyOf(latencies, answered);
        Arrays.sort(sorted);
        return new Load.Result(answered, errors, took / 1e9, sorted);
    }

    private void note(int status, long nanos) {
        if (status / 100 != 2) {
            errors++;
            return;
        }
        if (answered == latencies.length) {
            latencies = Arrays.copyOf(latencies, 2 * answered);
        }
        latencies[answered++] = nanos;
    }

    private final class Lane {
        private final SocketChannel channel;
        private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
        private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
        private int scanned;
        private int whole = -1;
        private long sent;

        Lane() throws IOException {
            channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
        }

        private void send() throws IOException {
            out.clear().put(requests.get(next)).flip();
            next = (next + 1) % requests.size();
            sent = System.nanoTime();
            while (out.hasRemaining()) {
                channel.write(out);
            }
        }

        private void read() {
            try {
                if (channel.read(in) < 0) {
                    throw new IOException("the server closed a connection");
                }
                if (whole < 0) {
                    findEndOfHead();
                }
                if (whole >= 0 && in.position() >= whole) {
                    note(status(), System.nanoTime() - sent);
                    in.clear();
                    scanned = 0;
                    whole = -1;
                    send();
                }
            } catch (IOException broken) {
                errors++;
                try {
                    channel.close();
                } catch (IOException closing) {
                    errors++;
                }
            }
        }

        private void findEndOfHead() throws IOException {
            int end = in.position();
            for (int i = Math.max(3, scanned); i < end; i++) {
                if (in.get(i) == '\n' && in.get(i - 2) == '\n') {
                    whole = i + 1 + bodyLength(i);
                    return;
                }
            }
            scanned = end;
            if (end == BUFFER) {
                throw new IOException("the head of an answer is too long");
            }
        }

        private int bodyLength(int headEnd) throws IOException {
            for (int line = 0; line < headEnd; line = nextLine(line, headEnd)) {
                if (startsWithLength(line, headEnd)) {
                    int length = 0;
                    for (int i = line + LENGTH.length; in.get(i) != '\r'; i++) {
                        if (in.get(i) != ' ') {
                            length = 10 * length + in.get(i) - '0';
                        }
                    }
                    return length;
                }
            }
            if (status() == 204) {
                return 0;
            }
            throw new IOException("an answer does not state its length");
        }

        private boolean startsWithLength(int line, int headEnd) {
            if (line + LENGTH.length >= headEnd) {
                return false;
            }
            for (int i = 0; i < LENGTH.length; i++) {
                if ((in.get(line + i) | 0x20) != (LENGTH[i] | 0x20)) {
                    return false;
                }
            }
            return true;
        }

        private int nextLine(int from, int end) {
            int i = from;
            while (i < end && in.get(i) != '\n') {
                i++;
            }
            return i + 1;
        }

        private int status() {
            return 100 * (in.get(STATUS_AT) - '0') + 10 * (in.get(STATUS_AT + 1) - '0') + in.get(STATUS_AT + 2) - '0';
        }
    }
}
