package dev.parley.platform.storage;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Keeps files in a folder that all replicas of all services share. */
public final class FolderStore implements ObjectStore {
    private static final String DRAFT = ".draft-";
    private static final int NAMES = 1_000;

    private final Path folder;

    /** Keeps files below this folder. */
    public FolderStore(Path folder) {
        this.folder = folder;
    }

    @Override
    public void write(String key, Content content) {
        Path file = file(key);
        try {
            Files.createDirectories(file.getParent());
            Path draft = Files.createTempFile(file.getParent(), DRAFT, "");
            try {
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(draft))) {
                    content.to(out);
                }
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the file " + key + " cannot be stored", e);
        }
    }

    @Override
    public Optional<InputStream> read(String key) {
        try {
            return Optional.of(new BufferedInputStream(Files.newInputStream(file(key))));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("the file " + key + " cannot be read", e);
        }
    }

    @Override
    public void eachOlder(String folderKey, Instant than, Consumer<List<String>> reader) {
        Path root = file(folderKey);
        if (!Files.isDirectory(root)) {
            return;
        }
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(root)) {
            for (Path path : files) {
                if (!isOlder(path, than)) {
                    continue;
                }
                String name = path.getFileName().toString();
                if (name.startsWith(DRAFT)) {
                    Files.deleteIfExists(path);
                } else {
                    names.add(name);
                }
                if (names.size() == NAMES) {
                    reader.accept(List.copyOf(names));
                    names.clear();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + folderKey + " cannot be read", e);
        }
        if (!names.isEmpty()) {
            reader.accept(names);
        }
    }

    private static boolean isOlder(Path path, Instant than) throws IOException {
        try {
            return Files.isRegularFile(path)
                    && Files.getLastModifiedTime(path).toInstant().isBefore(than);
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    @Override
    public int deleteAll(String key) {
        Path root = file(key);
        if (!Files.exists(root)) {
            return 0;
        }
        try (Stream<Path> all = Files.walk(root)) {
            List<Path> found = all.sorted(Comparator.reverseOrder()).toList();
            int files = 0;
            for (Path path : found) {
                files += Files.isRegularFile(path) ? 1 : 0;
                delete(path);
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException("the files of " + key + " cannot be deleted", e);
        }
    }

    /** A folder into which a slow writer puts something at this moment stays for the next time. */
    private static void delete(Path path) throws IOException {
        try {
            Files.deleteIfExists(path);
        } catch (DirectoryNotEmptyException late) {
            // the caller deletes again later
        }
    }

    @Override
    public Optional<String> fault() {
        try {
            Files.createDirectories(folder);
        } catch (IOException refused) {
            return Optional.of("There is no folder " + folder + ", and it cannot be made.");
        }
        return Files.isWritable(folder)
                ? Optional.empty()
                : Optional.of("This process may not write into the folder " + folder + ".");
    }

    private Path file(String key) {
        return folder.resolve(ObjectStore.checked(key));
    }
}
