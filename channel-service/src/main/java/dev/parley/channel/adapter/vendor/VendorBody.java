package dev.parley.channel.adapter.vendor;

import dev.parley.channel.adapter.MediaUnavailable;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of a vendor's answer, a piece at a time: the next one is taken from the network when the one before was read.
 * Reading it throws {@link MediaUnavailable} when it breaks off. Made where the answer arrives.
 */
final class VendorBody extends InputStream {
    private final HttpClientRequest request;
    private final HttpClientResponse response;
    private final Context context;
    private final Duration patience;
    private final long deadline;
    private final BlockingQueue<Optional<Piece>> pieces = new LinkedBlockingQueue<>();
    private Buffer piece = Buffer.buffer();
    private int at;
    private boolean ended;

    /**
     * Holds the body back until it is read.
     *
     * @param patience for each piece
     * @param most for all of it
     */
    VendorBody(HttpClientRequest request, HttpClientResponse response, Duration patience, Duration most) {
        this.request = request;
        this.response = response;
        this.context = Vertx.currentContext();
        this.patience = patience;
        this.deadline = System.nanoTime() + most.toNanos();
        response.pause();
        response.handler(bytes -> pieces.add(Optional.of(new Bytes(bytes))));
        response.endHandler(end -> pieces.add(Optional.empty()));
        response.exceptionHandler(cut -> pieces.add(Optional.of(new Cut())));
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        while (at == piece.length()) {
            if (ended || !next()) {
                return -1;
            }
        }
        int read = Math.min(length, piece.length() - at);
        piece.getBytes(at, at + read, into, offset);
        at += read;
        return read;
    }

    private boolean next() {
        context.runOnContext(now -> response.fetch(1));
        Optional<Piece> next = poll();
        ended = next.isEmpty();
        if (next.isEmpty()) {
            return false;
        }
        if (!(next.get() instanceof Bytes bytes)) {
            throw broken("the connection was cut before its end");
        }
        piece = bytes.buffer();
        at = 0;
        return true;
    }

    private Optional<Piece> poll() {
        Optional<Piece> next = null;
        try {
            next = pieces.poll(Math.min(patience.toNanos(), deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        if (next == null) {
            throw broken("it did not come in time");
        }
        return next;
    }

    private MediaUnavailable broken(String reason) {
        close();
        return new MediaUnavailable(false, reason);
    }

    /** Takes nothing more; the vendor is told so when there was more. */
    @Override
    public void close() {
        if (!ended) {
            ended = true;
            request.reset();
        }
    }

    private sealed interface Piece {}

    private record Bytes(Buffer buffer) implements Piece {}

    private record Cut() implements Piece {}
}
