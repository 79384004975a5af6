package dev.parley.platform.storage;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file being made, on this machine's disk, so that no file is held in memory and what is cut short is never stored. It
 * has no name there: when the process ends, the disk has it back.
 */
final class Draft implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;

    private final FileChannel file;
    private final long size;

    private Draft(FileChannel file) throws IOException {
        this.file = file;
        this.size = file.size();
    }

    /** All of this content. */
    static Draft of(ObjectStore.Content content) throws IOException {
        FileChannel file = nameless();
        try {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(file), BUFFER);
            content.to(out);
            out.flush();
            return new Draft(file);
        } catch (IOException | RuntimeException failure) {
            file.close();
            throw failure;
        }
    }

    private static FileChannel nameless() throws IOException {
        Path path = Files.createTempFile("parley-draft-", "");
        try {
            return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } finally {
            Files.delete(path);
        }
    }

    long size() {
        return size;
    }

    /** Reads that many bytes of it from there on; any number of readers may. */
    InputStream read(long from, long length) {
        return new Piece(from, from + length);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private final class Piece extends InputStream {
        private final long end;
        private long at;

        private Piece(long from, long end) {
            this.at = from;
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (at >= end) {
                return -1;
            }
            int read = file.read(ByteBuffer.wrap(bytes, offset, (int) Math.min(length, end - at)), at);
            at += Math.max(read, 0);
            return read;
        }
    }
}
