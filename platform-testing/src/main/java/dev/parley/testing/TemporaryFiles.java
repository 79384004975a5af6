package dev.parley.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Files and folders of a test run: they go when its process ends, after the processes that write in them. */
public final class TemporaryFiles {
    private static final List<Path> MADE = new CopyOnWriteArrayList<>();
    private static final List<Process> WRITERS = new CopyOnWriteArrayList<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(TemporaryFiles::clear));
    }

    private TemporaryFiles() {}

    /** A new, empty folder. */
    public static Path folder(String prefix) {
        try {
            return added(Files.createTempDirectory(prefix));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new, empty file. */
    public static Path file(String prefix, String suffix) {
        try {
            return added(Files.createTempFile(prefix, suffix));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends a process with this one, before the files go. */
    public static Process endingWithUs(Process writer) {
        WRITERS.add(writer);
        return writer;
    }

    private static Path added(Path made) {
        MADE.add(made);
        return made;
    }

    private static void clear() {
        WRITERS.forEach(Process::destroyForcibly);
        try {
            for (Process writer : WRITERS) {
                writer.waitFor();
            }
            for (Path made : MADE) {
                delete(made);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void delete(Path made) {
        try {
            Files.walkFileTree(made, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                    Files.deleteIfExists(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException left) {
            // The process is ending: what somebody still holds stays.
        }
    }
}
