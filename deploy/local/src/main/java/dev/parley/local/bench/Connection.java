package dev.parley.local.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One kept-alive HTTP/1.1 connection that costs little, because the load shares the processors with what it loads. */
final class Connection implements AutoCloseable {
    private static final int CONNECT_MILLIS = 3_000;
    private static final int READ_MILLIS = 30_000;
    private static final int BUFFER = 64 * 1024;

    private final Socket socket = new Socket();
    private final byte[] buffer = new byte[BUFFER];
    private int bodyStart;
    private int bodyEnd;

    Connection(int port) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_MILLIS);
        socket.connect(new InetSocketAddress("127.0.0.1", port), CONNECT_MILLIS);
    }

    /** Sends a request as it is and returns the status once the whole answer was read. */
    int call(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        InputStream in = socket.getInputStream();
        int size = 0;
        int head = -1;
        while (head < 0) {
            size = more(in, size);
            head = endOfHead(size);
        }
        String headers = new String(buffer, 0, head, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        int length = headers.indexOf("content-length:");
        if (length >= 0) {
            int end = headers.indexOf('\r', length);
            int whole =
                    head + Integer.parseInt(headers.substring(length + 15, end).strip());
            while (size < whole) {
                size = more(in, size);
            }
        } else if (headers.contains("chunked")) {
            while (!endsChunked(head, size)) {
                size = more(in, size);
            }
        }
        bodyStart = head;
        bodyEnd = size;
        return Integer.parseInt(headers.substring(9, 12));
    }

    /** The body of the last answer, which must have stated its length. */
    String body() {
        return new String(buffer, bodyStart, bodyEnd - bodyStart, StandardCharsets.UTF_8);
    }

    private int more(InputStream in, int size) throws IOException {
        int read = in.read(buffer, size, buffer.length - size);
        if (read <= 0) {
            throw new EOFException("the connection ended inside an answer");
        }
        return size + read;
    }

    private int endOfHead(int size) {
        for (int i = 3; i < size; i++) {
            if (buffer[i] == '\n' && buffer[i - 1] == '\r' && buffer[i - 2] == '\n' && buffer[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    private boolean endsChunked(int head, int size) {
        return size >= head + 5
                && buffer[size - 5] == '0'
                && buffer[size - 4] == '\r'
                && buffer[size - 3] == '\n'
                && buffer[size - 2] == '\r'
                && buffer[size - 1] == '\n';
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
