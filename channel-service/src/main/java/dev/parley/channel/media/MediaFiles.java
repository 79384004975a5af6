package dev.parley.channel.media;

import dev.parley.channel.media.MediaRepository.Kept;
import dev.parley.platform.crypto.FileKey;
import dev.parley.platform.crypto.SealedFiles;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.data.Database;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.storage.ObjectStore;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.UUID;

/** The bytes of media in the storage, sealed for their row piece by piece, so that no file is held in memory. */
@ApplicationScoped
class MediaFiles {
    @Produces
    static final SealedFiles FILES = new SealedFiles("media", "file_key", "state in ('AWAITED', 'STORED')");

    private static final int PIECE = 64 * 1024;

    private final Database database;
    private final SecretVault vault;
    private final ObjectStore store;

    MediaFiles(Database database, SecretVault vault, ObjectStore store) {
        this.database = database;
        this.vault = vault;
        this.store = store;
    }

    /**
     * Keeps bytes, all or none of them.
     *
     * @param most the most of them; {@link TooLong} when there are more
     */
    Written write(TenantId tenant, UUID id, InputStream bytes, long most) {
        FileKey key = database.inTenant(tenant, handle -> vault.fileKey(handle, tenant));
        long[] written = new long[1];
        store.write(name(tenant, id), out -> {
            try (OutputStream sealing = key.sealing(name(tenant, id), out)) {
                written[0] = copy(bytes, sealing, most);
            }
        });
        return new Written(written[0], key.id());
    }

    /** The bytes of what is kept; 404 when there are none. */
    InputStream open(TenantId tenant, Kept kept) {
        return find(tenant, kept).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
    }

    /** The bytes, if there are any. */
    Optional<InputStream> find(TenantId tenant, Kept kept) {
        FileKey key = database.inTenant(tenant, handle -> vault.fileKey(handle, tenant, kept.fileKey()));
        String name = name(tenant, kept.id());
        return store.read(name).map(file -> {
            try {
                return key.opening(name, file);
            } catch (IOException unreadable) {
                throw new UncheckedIOException("a file of the storage cannot be read", unreadable);
            }
        });
    }

    private static long copy(InputStream in, OutputStream out, long most) throws IOException {
        byte[] piece = new byte[PIECE];
        long copied = 0;
        for (int read = read(in, piece); read >= 0; read = read(in, piece)) {
            copied += read;
            if (copied > most) {
                throw new TooLong();
            }
            out.write(piece, 0, read);
        }
        return copied;
    }

    /** What cannot be read to its end is its sender's fault, not the storage's. */
    private static int read(InputStream in, byte[] piece) {
        try {
            return in.read(piece);
        } catch (IOException cut) {
            throw new Problem(CommonProblem.BAD_REQUEST, cut).detail("the body ended too early");
        }
    }

    private static String name(TenantId tenant, UUID id) {
        return tenant + "/" + MediaService.FOLDER + "/" + id;
    }

    /**
     * Something is written.
     *
     * @param key to be noted with its row, for it to be opened by
     */
    record Written(long bytes, int key) {}

    /** There is more than may be kept. */
    static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLong() {
            super("there is more than may be kept", null, false, false);
        }
    }
}
