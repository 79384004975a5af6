package dev.parley.channel.media;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** Writes what comes as it comes, when it is of a type and a size that is kept. */
@ApplicationScoped
class MediaIntake {
    /** A text is looked at as a whole, as bytes and as characters. */
    private static final int COPIES_OF_TEXT = 4;

    private final MediaFiles files;
    private final MediaMemory memory;
    private final MediaStock stock;
    private final MediaConfig config;

    MediaIntake(MediaFiles files, MediaMemory memory, MediaStock stock, MediaConfig config) {
        this.files = files;
        this.memory = memory;
        this.stock = stock;
        this.config = config;
    }

    /**
     * Writes it, all or nothing; the row is the caller's to write.
     *
     * @throws IOException when what comes breaks off at its beginning
     */
    Outcome take(TenantId tenant, UUID id, InputStream content) throws IOException {
        BufferedInputStream bytes = new BufferedInputStream(content);
        bytes.mark(MediaType.HEAD);
        byte[] head = bytes.readNBytes(MediaType.HEAD);
        bytes.reset();
        Optional<MediaType> type = MediaType.ofHead(head);
        return type.isPresent() ? keep(tenant, id, type.get(), bytes) : keepText(tenant, id, bytes);
    }

    /** What has no mark is text or nothing, and only the whole of it tells which. */
    private Outcome keepText(TenantId tenant, UUID id, InputStream bytes) throws IOException {
        long most = config.most(MediaType.TEXT);
        Optional<MediaMemory.Share> share = memory.take(tenant, COPIES_OF_TEXT * most, Duration.ZERO);
        if (share.isEmpty()) {
            return new Busy();
        }
        try (MediaMemory.Share mine = share.get()) {
            byte[] text = bytes.readNBytes((int) most + 1);
            Optional<MediaType> type = MediaType.of(text);
            return type.isPresent() ? keep(tenant, id, type.get(), new ByteArrayInputStream(text)) : new TypeNotKept();
        }
    }

    private Outcome keep(TenantId tenant, UUID id, MediaType type, InputStream bytes) {
        long most = config.most(type);
        long room = stock.room(tenant);
        try {
            MediaFiles.Written written = files.write(tenant, id, bytes, Math.min(most, room));
            stock.grew(tenant, written.bytes());
            return new Kept(type, written);
        } catch (MediaFiles.TooLong tooLong) {
            return room < most ? new StockFull() : new TooLarge(type, most);
        }
    }

    /** What became of it. */
    sealed interface Outcome {}

    /** It is written. */
    record Kept(MediaType type, MediaFiles.Written file) implements Outcome {}

    /** It is not written, and would not be another time. */
    sealed interface Refused extends Outcome {
        /** Why it is not kept, in words for its row. */
        default String why() {
            return "its type is not kept, or it is too large";
        }
    }

    /** Nothing of its type is kept. */
    record TypeNotKept() implements Refused {}

    /** Of its type that many bytes are kept at most. */
    record TooLarge(MediaType type, long most) implements Refused {}

    /** The tenant keeps enough. */
    record StockFull() implements Refused {
        @Override
        public String why() {
            return "nothing more can be kept";
        }
    }

    /** There is no memory for it now. */
    record Busy() implements Outcome {}
}
