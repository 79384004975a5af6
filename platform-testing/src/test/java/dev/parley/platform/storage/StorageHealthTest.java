package dev.parley.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageHealthTest {
    @TempDir
    private Path parent;

    @Test
    void aServiceIsReadyOnceItHasReachedItsStorageAndStaysSo() throws IOException {
        Path folder = parent.resolve("storage");
        StorageHealth health = new StorageHealth(new FolderStore(folder), Duration.ZERO);

        Files.createFile(folder); // in the way
        HealthCheckResponse before = health.call();
        Files.delete(folder);
        HealthCheckResponse there = health.call();
        Files.delete(folder);
        Files.createFile(folder);
        HealthCheckResponse away = health.call();

        assertThat(before.getStatus()).isEqualTo(Status.DOWN);
        assertThat(String.valueOf(before.getData().orElseThrow().get("fault"))).contains(folder.toString());
        assertThat(there.getStatus()).isEqualTo(Status.UP);
        assertThat(there.getData()).isEmpty();
        assertThat(away.getStatus()).isEqualTo(Status.UP);
        assertThat(away.getData().orElseThrow()).containsKey("fault");
    }
}
