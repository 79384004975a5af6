package dev.parley.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The layout of what one stack keeps on disk. */
record DataDirectory(Path root) {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    Path folder(String name) {
        try {
            return Files.createDirectories(root.resolve(name));
        } catch (IOException e) {
            throw new StackFailure(
                    root.resolve(name) + " cannot be created: set PARLEY_DATA_DIR to a writable folder", e);
        }
    }

    Path log(Part part) {
        return folder("logs").resolve(part.key() + ".log");
    }

    Path trainingLog(Part part) {
        return folder("logs").resolve(part.key() + "-training.log");
    }

    Path pidFile(Part part) {
        return folder("run").resolve(part.key() + ".pid");
    }

    Path readyFile(Part part) {
        return folder("run").resolve(part.key() + ".ready");
    }

    Path lockFile() {
        return folder("run").resolve("launcher.lock");
    }

    Path secrets() {
        return root.resolve("secrets.properties");
    }

    Path masterKeyset() {
        return root.resolve("master-keyset.json");
    }

    /** Writes a file that only its owner can read, complete or not at all. */
    static void writeSecret(Path file, String content) {
        try {
            Path parent = Files.createDirectories(file.toAbsolutePath().getParent());
            Path draft = parent.resolve(file.getFileName() + ".new");
            Files.deleteIfExists(draft);
            Files.createFile(draft, OWNER_ONLY);
            Files.writeString(draft, content);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
