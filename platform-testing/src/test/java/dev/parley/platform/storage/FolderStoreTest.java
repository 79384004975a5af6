package dev.parley.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderStoreTest extends ObjectStoreTest {
    @TempDir
    private Path folder;

    @Override
    ObjectStore store() {
        return new FolderStore(folder);
    }

    @Test
    void aFolderIsMadeBeforeAnythingIsWrittenIntoIt() {
        Path folder = this.folder.resolve("new");

        assertThat(new FolderStore(folder).fault()).isEmpty();

        assertThat(folder).isDirectory();
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(new FolderStore(file.resolve("gone")).fault()).hasValueSatisfying(fault -> assertThat(fault)
                .contains(file.resolve("gone").toString()));
    }
}
