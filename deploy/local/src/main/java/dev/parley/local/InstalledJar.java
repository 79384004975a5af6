package dev.parley.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A copy of one of our jars, so that a build may replace the jar under a running stack, and beside it the JDK's
 * ahead-of-time cache: classes loaded and linked, methods profiled, from a run before. The cache belongs to this very
 * jar and JDK, because the folder is named after both.
 */
final class InstalledJar {
    private static final String DRAFT = "draft.aot";

    private final Path folder;
    private final Path jar;

    private InstalledJar(Path folder, String name) {
        this.folder = folder;
        this.jar = folder.resolve(name + ".jar");
    }

    /** The copy of a built jar; older copies of it go. */
    static InstalledJar of(Path runtime, String name, Path built) {
        try {
            Path all = Files.createDirectories(runtime.resolve("jars").resolve(name));
            String key = "%d-%d-%s"
                    .formatted(
                            Files.size(built),
                            Files.getLastModifiedTime(built).toMillis(),
                            Runtime.version().toString().replaceAll("[^0-9.]", "_"));
            Path folder = Distribution.once(
                    all.resolve(key),
                    draft -> Files.copy(built, draft.resolve(name + ".jar"), StandardCopyOption.COPY_ATTRIBUTES));
            try (Stream<Path> others = Files.list(all)) {
                for (Path other : others.filter(
                                path -> !path.getFileName().toString().startsWith(key))
                        .toList()) {
                    Distribution.delete(other);
                }
            }
            return new InstalledJar(folder, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path jar() {
        return jar;
    }

    boolean hasCache() {
        return Files.exists(cache());
    }

    /** Flags for a run that uses the cache; none when there is none. */
    List<String> useFlags() {
        return hasCache() ? List.of("-XX:AOTCache=" + cache(), "-Xlog:aot=off", "-Xlog:cds=off") : List.of();
    }

    /**
     * Flags for a run that makes the cache when it ends. Without the profiles of the second compiler, which would have
     * it compile from the first second on: the later start then costs 2.0 instead of 3.3 s of CPU time.
     */
    List<String> recordFlags() {
        return List.of("-XX:AOTCacheOutput=" + folder.resolve(DRAFT), "-XX:TieredStopAtLevel=1");
    }

    /** Takes what the recording run left into use; without a result the next start tries again. */
    void keepCache() {
        try {
            if (Files.exists(folder.resolve(DRAFT))) {
                Files.move(folder.resolve(DRAFT), cache(), StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path cache() {
        return folder.resolve("startup.aot");
    }
}
