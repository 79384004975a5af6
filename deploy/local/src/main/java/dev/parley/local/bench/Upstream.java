package dev.parley.local.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The cheapest service that there can be behind a gateway: one thread that answers every request with the same few
 * bytes. It understands requests without a body.
 */
final class Upstream implements AutoCloseable {
    static final String BODY = "{\"items\":[],\"next_cursor\":null}";
    private static final byte[] ANSWER = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                    + BODY.length() + "\r\n\r\n" + BODY)
            .getBytes(StandardCharsets.US_ASCII);
    private static final int BUFFER = 32 * 1024;

    private final Selector selector = Selector.open();
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final AtomicReference<String> lastHead = new AtomicReference<>("");
    private volatile boolean remembering;

    Upstream() throws IOException {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        Thread.ofPlatform().daemon().name("upstream").start(this::serve);
    }

    String url() throws IOException {
        return "http://127.0.0.1:" + ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    /** From now on remembers the head of each request, which costs time. */
    void remember(boolean wanted) {
        remembering = wanted;
    }

    /** The head of the last request that was remembered. */
    String lastHead() {
        return lastHead.get();
    }

    private void serve() {
        try {
            while (selector.isOpen()) {
                selector.select(this::handle);
            }
        } catch (IOException | ClosedSelectorException closed) {
            // The end of the benchmark.
            return;
        }
    }

    private void handle(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                SocketChannel channel = server.accept();
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.register(selector, SelectionKey.OP_READ, new Client(channel));
            } else {
                ((Client) key.attachment()).read();
            }
        } catch (IOException gone) {
            close(key);
        }
    }

    private static void close(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException closing) {
            key.cancel();
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    private final class Client {
        private final SocketChannel channel;
        private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
        private final ByteBuffer out = ByteBuffer.allocateDirect(ANSWER.length).put(ANSWER);
        private int matched;

        Client(SocketChannel channel) {
            this.channel = channel;
        }

        private void read() throws IOException {
            in.clear();
            if (channel.read(in) < 0) {
                throw new IOException("the client left");
            }
            for (int i = 0; i < in.position(); i++) {
                byte next = in.get(i);
                matched = next == '\n' ? matched + 1 : next == '\r' ? matched : 0;
                if (matched == 2) {
                    matched = 0;
                    if (remembering) {
                        byte[] head = new byte[i + 1];
                        in.get(0, head);
                        lastHead.set(new String(head, StandardCharsets.ISO_8859_1));
                    }
                    out.clear();
                    while (out.hasRemaining()) {
                        channel.write(out);
                    }
                }
            }
        }
    }
}
