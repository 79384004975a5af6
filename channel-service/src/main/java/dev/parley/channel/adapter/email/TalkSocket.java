package dev.parley.channel.adapter.email;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A connection to a server of which nothing is known: it ends when its time has passed or when the server said too much,
 * also below TLS, which is laid over it.
 */
final class TalkSocket extends Socket {
    private long left;

    private TalkSocket(long mostBytes) {
        this.left = mostBytes;
    }

    /** Connects to that very address; the name that was given for it is what it is called, whatever it stands for now. */
    static TalkSocket to(String name, InetAddress address, int port, EmailConfig config) throws IOException {
        TalkSocket socket = new TalkSocket(config.longestAnswers().asLongValue());
        CompletableFuture.delayedExecutor(config.longestTalk().toMillis(), TimeUnit.MILLISECONDS)
                .execute(socket::end);
        try {
            socket.setSoTimeout(Math.toIntExact(config.timeout().toMillis()));
            socket.connect(
                    new InetSocketAddress(InetAddress.getByAddress(name, address.getAddress()), port),
                    Math.toIntExact(config.connectTimeout().toMillis()));
            return socket;
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    }

    /** Closes it, however that goes. */
    void end() {
        try {
            close();
        } catch (IOException ended) {
            // It is closed by that, too.
        }
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new Heard(super.getInputStream());
    }

    /** What the server says, up to the most. */
    private final class Heard extends FilterInputStream {
        Heard(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int from, int most) throws IOException {
            int read = in.read(bytes, from, most);
            count(Math.max(0, read));
            return read;
        }

        private void count(int bytes) throws IOException {
            left -= bytes;
            if (left < 0) {
                throw new IOException("the server says too much");
            }
        }
    }
}
