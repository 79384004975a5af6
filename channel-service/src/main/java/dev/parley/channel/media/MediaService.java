package dev.parley.channel.media;

import dev.parley.channel.account.AccountService;
import dev.parley.channel.adapter.MediaReference;
import dev.parley.channel.media.MediaRepository.Claimed;
import dev.parley.channel.media.MediaRepository.Due;
import dev.parley.channel.media.MediaRepository.Kept;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.storage.ObjectStore;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Keeps media: the bytes sealed in the storage, what is known of them in rows. */
@ApplicationScoped
public class MediaService {
    private static final String TABLE = "media";
    private static final String COLUMN = "content";
    private static final String ADDRESS = "/api/v1/media/";

    private final Database database;
    private final MediaRepository repository;
    private final AccountService accounts;
    private final SecretVault vault;
    private final ObjectStore store;
    private final MediaConfig config;

    MediaService(
            Database database,
            MediaRepository repository,
            AccountService accounts,
            SecretVault vault,
            ObjectStore store,
            MediaConfig config) {
        this.database = database;
        this.repository = repository;
        this.accounts = accounts;
        this.vault = vault;
        this.store = store;
        this.config = config;
    }

    /** Keeps what somebody uploads; 413 and 415 for what is not kept. */
    MediaResponse add(Caller caller, byte[] bytes) {
        TenantId tenant = caller.tenant();
        MediaType type = demandKept(bytes);
        UUID id = Ids.next();
        write(tenant, id, bytes);
        database.useTenant(
                tenant, handle -> repository.insertStored(handle, tenant, id, type, bytes.length, caller.actor()));
        return new MediaResponse(id, ADDRESS + id, type.written(), bytes.length);
    }

    /** What is kept under an id; 404 when nothing is. */
    Content get(TenantId tenant, UUID id) {
        Kept kept = database.inTenant(tenant, handle -> repository.find(handle, tenant, id))
                .orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
        return new Content(kept.mediaType(), kept.fileName(), read(tenant, id));
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

    /** The pictures of these turns as data addresses, as many as an agent is shown. */
    public List<String> pictures(TenantId tenant, UUID conversation, List<Long> seqs) {
        List<Kept> kept = database.inTenant(tenant, handle -> repository.pictures(handle, tenant, conversation, seqs));
        List<String> addresses = new ArrayList<>();
        long left = config.shown().asLongValue();
        for (Kept picture : kept) {
            left -= picture.bytes();
            if (left >= 0) {
                addresses.add("data:" + picture.mediaType() + ";base64,"
                        + Base64.getEncoder().encodeToString(read(tenant, picture.id())));
            }
        }
        return addresses;
    }

    List<Due> due(int limit) {
        return database.acrossTenants(handle -> repository.due(handle, limit));
    }

    List<UUID> awaitedOf(TenantId tenant, UUID conversation) {
        return database.inTenant(tenant, handle -> repository.awaitedOf(handle, tenant, conversation));
    }

    Optional<Fetch> claim(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> repository
                .claim(handle, tenant, id, config.fetchLease())
                .map(claimed -> new Fetch(claimed, accounts.credentials(handle, tenant, claimed.account()))));
    }

    /** Keeps what a vendor gave; what is not kept has failed for good. */
    void store(TenantId tenant, UUID id, byte[] bytes) {
        Optional<MediaType> type = MediaType.of(bytes).filter(known -> bytes.length <= most(known));
        if (type.isEmpty()) {
            fail(tenant, id, null, "its type is not kept, or it is too large");
            return;
        }
        write(tenant, id, bytes);
        database.useTenant(tenant, handle -> repository.stored(handle, tenant, id, type.get(), bytes.length));
    }

    void fail(TenantId tenant, UUID id, @Nullable Duration pause, String error) {
        database.useTenant(tenant, handle -> repository.failed(handle, tenant, id, pause, error));
    }

    private MediaType demandKept(byte[] bytes) {
        MediaType type = MediaType.of(bytes).orElseThrow(() -> new Problem(MediaProblem.MEDIA_TYPE_NOT_KEPT));
        if (bytes.length > most(type)) {
            throw new Problem(MediaProblem.MEDIA_TOO_LARGE)
                    .detail("Of " + type.written() + " at most " + most(type) + " bytes are kept.");
        }
        return type;
    }

    private long most(MediaType type) {
        return switch (type.kind()) {
            case IMAGE -> config.image().asLongValue();
            case AUDIO -> config.audio().asLongValue();
            case VIDEO -> config.video().asLongValue();
            case DOCUMENT -> config.document().asLongValue();
            case TEXT -> config.text().asLongValue();
        };
    }

    private void write(TenantId tenant, UUID id, byte[] bytes) {
        byte[] sealed = database.inTenant(tenant, handle -> vault.encrypt(handle, tenant, TABLE, COLUMN, id, bytes));
        store.write(key(tenant, id), out -> out.write(sealed));
    }

    private byte[] read(TenantId tenant, UUID id) {
        try (InputStream file = store.read(key(tenant, id)).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND))) {
            byte[] sealed = file.readAllBytes();
            return database.inTenant(tenant, handle -> vault.decrypt(handle, tenant, TABLE, COLUMN, id, sealed));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("a file of the storage cannot be read", unreadable);
        }
    }

    private static String key(TenantId tenant, UUID id) {
        return tenant + "/media/" + id;
    }

    /** The bytes of something. */
    record Content(String mediaType, @Nullable String fileName, byte[] bytes) {}

    /** Something to be fetched, and the account's credentials for it. */
    record Fetch(Claimed claimed, Map<String, String> credentials) {}
}
