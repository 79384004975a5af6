package dev.parley.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {
    @TempDir
    Path folder;

    @Test
    void jsonRecordBecomesItsLevelMessageAndCauses() throws IOException {
        Path log = Files.writeString(folder.resolve("log"), """
                {"level":"INFO","message":"early"}
                plain line
                {"level":"ERROR","message":"Failed to start","stackTrace":"java.lang.RuntimeException: no start\\n\\tat a.B.c(B.java:1)\\nCaused by: java.net.ConnectException: refused\\n\\tat d.E.f(E.java:2)\\n\\t... 9 more\\n"}
                """);

        assertThat(LogTail.of(log, 4))
                .containsExactly(
                        "plain line",
                        "ERROR Failed to start",
                        "      java.lang.RuntimeException: no start",
                        "      Caused by: java.net.ConnectException: refused");
    }

    @Test
    void withoutALogThereIsNothing() {
        assertThat(LogTail.of(folder.resolve("none"), 4)).isEmpty();
    }
}
