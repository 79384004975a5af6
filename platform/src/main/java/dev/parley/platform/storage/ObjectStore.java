package dev.parley.platform.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Keeps files of tenants, for all replicas of all services: in a folder ({@code PARLEY_STORAGE_DIR}) or, where
 * {@code PARLEY_S3_BUCKET} is set, in a bucket. Keys look like {@code <tenant>/exports/<id>/messages.ndjson}: they begin
 * with the tenant, so that its files can be found and ended. A storage that cannot be reached raises a 503 problem.
 */
public sealed interface ObjectStore permits FolderStore, S3Store {
    /** What a file is made of. */
    @FunctionalInterface
    interface Content {
        /** Writes it all. */
        void to(OutputStream out) throws IOException;
    }

    /** Stores a file, or replaces it; readers see all of it or nothing. */
    void write(String key, Content content);

    /** Opens a file; empty when there is none. */
    Optional<InputStream> read(String key);

    /**
     * Gives the names of files in a folder that are older than that, a thousand at a time at most. Drafts of that age,
     * which no writer comes back to, are deleted on the way.
     */
    void eachOlder(String folderKey, Instant than, Consumer<List<String>> reader);

    /** Deletes the file or folder of a key with all that is below it, and returns how many files that were. */
    int deleteAll(String key);

    /** What is wrong with the storage, for whoever runs it; empty when files can be kept. Takes seconds at most. */
    Optional<String> fault();

    /** The key, if it is one; raises {@link IllegalArgumentException} otherwise. */
    static String checked(String key) {
        if (!Keys.FORM.matcher(key).matches()) {
            throw new IllegalArgumentException("not a key of a stored file: " + key);
        }
        return key;
    }

    /** The form of keys: no part can lead out of the folder that is named before it. */
    final class Keys {
        private static final Pattern FORM = Pattern.compile("[0-9a-f-]{36}(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");

        private Keys() {}
    }
}
