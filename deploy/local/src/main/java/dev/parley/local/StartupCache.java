package dev.parley.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The JDK's ahead-of-time cache of one jar: classes loaded and linked, methods profiled, from a run before. */
final class StartupCache {
    private final Path file;
    private final Path draft;
    private final Path keyFile;
    private final Path jar;

    StartupCache(Path runtime, String name, Path jar) {
        Path folder = runtime.resolve("startup");
        this.file = folder.resolve(name + ".aot");
        this.draft = folder.resolve(name + ".new.aot");
        this.keyFile = folder.resolve(name + ".key");
        this.jar = jar;
    }

    /** Whether there is a cache that was made from this very jar by this very JDK. */
    boolean valid() {
        try {
            return Files.exists(file) && Files.readString(keyFile).equals(key());
        } catch (IOException e) {
            return false;
        }
    }

    /** Flags for a run that uses the cache; none when there is no valid one. */
    List<String> useFlags() {
        return valid() ? List.of("-XX:AOTCache=" + file, "-Xlog:aot=off", "-Xlog:cds=off") : List.of();
    }

    /** Flags for a run that makes the cache when it ends. */
    List<String> recordFlags() {
        try {
            Files.createDirectories(file.getParent());
            Files.deleteIfExists(draft);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of("-XX:AOTCacheOutput=" + draft);
    }

    /** Takes what the recording run left into use; without a result the next start tries again. */
    void keep() {
        try {
            if (Files.exists(draft)) {
                Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
                Files.writeString(keyFile, key());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String key() throws IOException {
        return "%d %d %s".formatted(Files.size(jar), Files.getLastModifiedTime(jar).toMillis(), Runtime.version());
    }
}
