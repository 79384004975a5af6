package dev.parley.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A copy of one of our jars, so that a build may replace the jar under a running stack, and beside it the JDK's
 * ahead-of-time cache: classes loaded and linked, methods profiled, from a run before. The cache belongs to this very
 * jar and JDK, because the folder is named after both.
 */
final class InstalledJar {
    /** A run of the service with these JVM flags; says whether it became ready and ended in order. */
    interface Recording {
        boolean run(List<String> flags);
    }

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
            deleteOthers(all, key);
            return new InstalledJar(folder, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // Another launcher may be deleting the same; what stays behind goes next time.
    private static void deleteOthers(Path all, String key) throws IOException {
        try (Stream<Path> others = Files.list(all)) {
            for (Path other : others.toList()) {
                if (!other.getFileName().toString().startsWith(key)) {
                    try {
                        Folders.delete(other);
                    } catch (IOException stillInUse) {
                        continue;
                    }
                }
            }
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
     * Makes the cache with a run of the service, unless there is one already; of several launchers only one does, and
     * the others wait for it.
     */
    void makeCache(Recording recording) {
        try (FileChannel channel = FileChannel.open(
                        folder.resolve("startup.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            if (hasCache() || !held.isValid()) {
                return;
            }
            Path draft = folder.resolve("draft.aot");
            Files.deleteIfExists(draft);
            // Without the profiles of the second compiler, which would have it compile from the first second on: the
            // later start then costs 2.0 instead of 3.3 s of CPU time.
            boolean complete = recording.run(List.of("-XX:AOTCacheOutput=" + draft, "-XX:TieredStopAtLevel=1"));
            if (complete && Files.exists(draft)) {
                Files.move(draft, cache(), StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path cache() {
        return folder.resolve("startup.aot");
    }
}
