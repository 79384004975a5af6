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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Takes webhooks, with one thread that answers each at once and counts it; or takes none and is silent. */
final class Recipient implements AutoCloseable {
    private static final byte[] TAKEN =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);
    private static final int BUFFER = 64 * 1024;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);

    private final Selector selector = Selector.open();
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final AtomicInteger taken = new AtomicInteger();
    private final boolean silent;
    private volatile Consumer<String> watcher = id -> {};

    Recipient(boolean silent) throws IOException {
        this.silent = silent;
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        Thread.ofPlatform().daemon().name("recipient").start(this::serve);
    }

    String url() throws IOException {
        return "http://127.0.0.1:" + ((InetSocketAddress) server.getLocalAddress()).getPort() + "/hook";
    }

    int taken() {
        return taken.get();
    }

    /** From now on tells the id of each webhook that it takes. */
    void watch(Consumer<String> of) {
        watcher = of;
    }

    /** Returns when it has taken so many in all. */
    void await(int count) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (taken.get() < count) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("only " + taken + " of " + count + " webhooks came");
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
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
                channel.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(BUFFER));
            } else {
                read((SocketChannel) key.channel(), (ByteBuffer) key.attachment());
            }
        } catch (IOException gone) {
            try {
                key.channel().close();
            } catch (IOException closing) {
                key.cancel();
            }
        }
    }

    private void read(SocketChannel channel, ByteBuffer in) throws IOException {
        if (channel.read(in) < 0) {
            throw new IOException("the client left");
        }
        if (silent) {
            in.clear();
            return;
        }
        String text = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
        int from = 0;
        for (int body = text.indexOf("\r\n\r\n", from); body >= 0; body = text.indexOf("\r\n\r\n", from)) {
            String head = text.substring(from, body).toLowerCase(java.util.Locale.ROOT);
            int end = body + 4 + Integer.parseInt(header(head, "content-length: "));
            if (end > text.length()) {
                break;
            }
            from = end;
            watcher.accept(header(head, "webhook-id: "));
            taken.incrementAndGet();
            ByteBuffer out = ByteBuffer.wrap(TAKEN);
            while (out.hasRemaining()) {
                channel.write(out);
            }
        }
        in.limit(in.position()).position(from);
        in.compact();
    }

    private static String header(String head, String name) {
        int start = head.indexOf(name) + name.length();
        int end = head.indexOf('\r', start);
        return head.substring(start, end < 0 ? head.length() : end);
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
