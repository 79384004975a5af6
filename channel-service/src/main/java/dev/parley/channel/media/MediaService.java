package dev.parley.channel.media;

import dev.parley.channel.adapter.MediaReference;
import dev.parley.channel.media.MediaRepository.Came;
import dev.parley.channel.media.MediaRepository.Kept;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Keeps media: the bytes sealed in the storage, what is known of them in rows. */
@ApplicationScoped
public class MediaService {
    /** Where in a tenant's storage the bytes are, each under its id. */
    public static final String FOLDER = "media";

    private static final String ADDRESS = "/api/v1/media/";
    /** Bytes, their base64, and the request that holds it, for a while at the same time. */
    private static final int COPIES_OF_PICTURES = 5;

    private final Database database;
    private final MediaRepository repository;
    private final MediaFiles files;
    private final MediaMemory memory;
    private final MediaIntake intake;
    private final MediaConfig config;

    MediaService(
            Database database,
            MediaRepository repository,
            MediaFiles files,
            MediaMemory memory,
            MediaIntake intake,
            MediaConfig config) {
        this.database = database;
        this.repository = repository;
        this.files = files;
        this.memory = memory;
        this.intake = intake;
        this.config = config;
    }

    /**
     * Keeps what somebody uploads, as it comes; 413 and 415 for what is not kept, 403 when the tenant keeps enough.
     *
     * @param key the same key of the same caller again is the same upload, whatever its body
     */
    MediaResponse add(Caller caller, InputStream body, @Nullable String key) {
        TenantId tenant = caller.tenant();
        UUID id = key == null ? Ids.next() : named(caller, key);
        Optional<Kept> before = key == null ? Optional.empty() : find(tenant, id);
        if (before.isPresent()) {
            return response(before.get());
        }
        MediaIntake.Kept kept = kept(tenant, id, body);
        database.useTenant(
                tenant,
                handle -> repository.insertStored(handle, tenant, id, kept.type(), kept.file(), caller.actor()));
        return new MediaResponse(
                id, ADDRESS + id, kept.type().written(), kept.file().bytes());
    }

    private MediaIntake.Kept kept(TenantId tenant, UUID id, InputStream body) {
        MediaIntake.Outcome outcome;
        try {
            outcome = intake.take(tenant, id, body);
        } catch (IOException cut) {
            throw new Problem(CommonProblem.BAD_REQUEST, cut).detail("the body ended too early");
        }
        return switch (outcome) {
            case MediaIntake.Kept kept -> kept;
            case MediaIntake.TypeNotKept none -> throw new Problem(MediaProblem.MEDIA_TYPE_NOT_KEPT);
            case MediaIntake.StockFull full -> throw new Problem(MediaProblem.MEDIA_STOCK_FULL);
            case MediaIntake.Busy busy -> throw busy();
            case MediaIntake.TooLarge large ->
                throw new Problem(MediaProblem.MEDIA_TOO_LARGE)
                        .detail("Of " + large.type().written() + " at most " + large.most() + " bytes are kept.");
        };
    }

    /** What is kept under an id, to be read once; 404 when nothing is. */
    Content get(TenantId tenant, UUID id) {
        Kept kept = find(tenant, id).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
        return new Content(kept.mediaType(), kept.bytes(), files.open(tenant, kept));
    }

    /** The bytes under an id; empty when there are none. */
    public Optional<InputStream> file(TenantId tenant, UUID id) {
        return find(tenant, id).flatMap(kept -> files.find(tenant, kept));
    }

    /** Notes what came with a message, in its transaction; it is fetched afterwards. */
    public void expect(
            Handle handle,
            TenantId tenant,
            UUID account,
            UUID conversation,
            UUID message,
            List<MediaReference> references,
            String by) {
        repository.insertAwaited(handle, tenant, account, conversation, message, references, by);
    }

    /**
     * What came with these turns, as much as an agent is given, and in words what it is not given. The bytes have a share
     * of this process's memory until it is closed; 503 when there is none in time.
     */
    public Shown shown(TenantId tenant, UUID conversation, List<Long> seqs) {
        List<Kept> given = new ArrayList<>();
        List<String> withheld = new ArrayList<>();
        long bytes = 0;
        for (Came came : database.inTenant(tenant, handle -> repository.cameWith(handle, tenant, conversation, seqs))) {
            Kept kept = came.kept();
            if (kept == null) {
                withheld.add(Untrusted.withheld(came.fileName(), came.kind()));
            } else if (given.size() < config.shownAtOnce()
                    && isForAgents(kept)
                    && bytes + kept.bytes() <= config.shown().asLongValue()) {
                given.add(kept);
                bytes += kept.bytes();
            } else if (!isText(kept)) {
                withheld.add(Untrusted.withheld(kept.fileName(), kept.mediaType()));
            }
        }
        if (given.isEmpty()) {
            return new Shown(List.of(), withheld, null);
        }
        MediaMemory.Share share = memory.take(tenant, COPIES_OF_PICTURES * bytes, config.memoryPatience())
                .orElseThrow(MediaService::busy);
        try {
            return new Shown(
                    given.stream()
                            .map(kept -> new Piece(kept.mediaType(), kept.fileName(), address(tenant, kept)))
                            .toList(),
                    withheld,
                    share);
        } catch (RuntimeException failure) {
            share.close();
            throw failure;
        }
    }

    private static boolean isForAgents(Kept kept) {
        return MediaType.shown().contains(kept.mediaType()) || MediaType.read().contains(kept.mediaType());
    }

    private static boolean isText(Kept kept) {
        return kept.mediaType().equals(MediaType.TEXT.written());
    }

    /** What is kept under these ids; one that is not is missing. */
    public Map<UUID, Uploaded> uploaded(TenantId tenant, List<UUID> ids) {
        return database.inTenant(tenant, handle -> repository.find(handle, tenant, ids)).stream()
                .collect(Collectors.toMap(
                        Kept::id,
                        kept -> new Uploaded(
                                kept.mediaType(),
                                MediaType.shown().contains(kept.mediaType()),
                                isText(kept)
                                        || isForAgents(kept)
                                                && kept.bytes()
                                                        <= config.shown().asLongValue(),
                                isText(kept) ? Math.min(kept.bytes(), config.read()) : kept.bytes(),
                                kept.fileName())));
    }

    /** These uploads by id: data addresses, and the words of texts. 503 when there is no memory for them in time. */
    public Uploads uploads(TenantId tenant, List<UUID> ids) {
        List<Kept> kept = database.inTenant(tenant, handle -> repository.find(handle, tenant, ids));
        long bytes = kept.stream().mapToLong(Kept::bytes).sum();
        MediaMemory.Share share = memory.take(tenant, COPIES_OF_PICTURES * bytes, config.memoryPatience())
                .orElseThrow(MediaService::busy);
        try {
            return new Uploads(
                    kept.stream()
                            .collect(Collectors.toMap(
                                    Kept::id,
                                    one -> isText(one)
                                            ? Untrusted.document(one.fileName(), text(tenant, one, config.read()))
                                            : address(tenant, one))),
                    share);
        } catch (RuntimeException failure) {
            share.close();
            throw failure;
        }
    }

    /** The text documents of these turns, each as what it is and who it is from, as much as an agent reads. */
    public List<String> texts(TenantId tenant, UUID conversation, List<Long> seqs) {
        List<String> read = new ArrayList<>();
        int left = config.read();
        for (Kept document : database.inTenant(
                tenant,
                handle -> repository.of(handle, tenant, conversation, seqs, List.of(MediaType.TEXT.written())))) {
            if (left > 0) {
                String text = text(tenant, document, left);
                left -= text.length();
                read.add(Untrusted.document(document.fileName(), text));
            }
        }
        return read;
    }

    /** At most that many characters, none of them halved. */
    private String text(TenantId tenant, Kept document, int most) {
        StringBuilder text = new StringBuilder();
        try (Reader file = new InputStreamReader(files.open(tenant, document), StandardCharsets.UTF_8)) {
            for (int c = file.read(); c >= 0 && text.length() < most; c = file.read()) {
                text.append((char) c);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("a file of the storage cannot be read", unreadable);
        }
        int last = text.length() - 1;
        return last >= 0 && Character.isHighSurrogate(text.charAt(last)) ? text.substring(0, last) : text.toString();
    }

    private String address(TenantId tenant, Kept picture) {
        byte[] bytes = new byte[Math.toIntExact(picture.bytes())];
        try (InputStream file = files.open(tenant, picture)) {
            file.readNBytes(bytes, 0, bytes.length);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("a file of the storage cannot be read", unreadable);
        }
        return "data:" + picture.mediaType() + ";base64," + Base64.getEncoder().encodeToString(bytes);
    }

    private Optional<Kept> find(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> repository.find(handle, tenant, id));
    }

    private static MediaResponse response(Kept kept) {
        return new MediaResponse(kept.id(), ADDRESS + kept.id(), kept.mediaType(), kept.bytes());
    }

    private static UUID named(Caller caller, String key) {
        return UUID.nameUUIDFromBytes(
                (caller.tenant() + "\n" + caller.subject() + "\n" + key).getBytes(StandardCharsets.UTF_8));
    }

    private static Problem busy() {
        return new Problem(CommonProblem.UNAVAILABLE)
                .detail("Too many media are under way.")
                .header("Retry-After", "2");
    }

    /** The bytes of something, read once and then closed. */
    record Content(String mediaType, long length, InputStream bytes) {}

    /**
     * Something that was uploaded.
     *
     * @param shown whether agents can look at it
     * @param given whether agents can be given it at all
     * @param told how many bytes of it an agent is given
     */
    public record Uploaded(
            String mediaType,
            boolean shown,
            boolean given,
            long told,
            @Nullable String fileName) {
        /** What messengers call it: image, audio, video or document. */
        public String kind() {
            String kind = mediaType.substring(0, mediaType.indexOf('/'));
            return kind.equals("text") || kind.equals("application") ? "document" : kind;
        }
    }

    /** Uploads as data addresses and words, and their share of the memory. */
    public record Uploads(Map<UUID, String> addresses, MediaMemory.Share share) implements AutoCloseable {
        @Override
        public void close() {
            share.close();
        }
    }

    /** Something that an agent is given, its bytes as a data address. */
    public record Piece(String mediaType, @Nullable String name, String address) {}

    /**
     * What an agent is given, and its share of the memory.
     *
     * @param withheld what it is not given, in words
     */
    public record Shown(List<Piece> pieces, List<String> withheld, MediaMemory.@Nullable Share share)
            implements AutoCloseable {
        @Override
        public void close() {
            if (share != null) {
                share.close();
            }
        }
    }
}
