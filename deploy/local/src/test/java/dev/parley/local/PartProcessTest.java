package dev.parley.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartProcessTest {
    @TempDir
    Path folder;

    @Test
    void anotherLauncherFindsTheProcessAndStopsItWithItsChildren() throws Exception {
        DataDirectory data = new DataDirectory(folder);
        PartProcess started = PartProcess.start(Part.GATEWAY, shell("sleep 60 & sleep 60; true"), data);
        while (ProcessHandle.of(started.pid()).orElseThrow().children().count() < 2) {
            assertThat(started.endsWithin(Duration.ofMillis(10))).isFalse();
        }
        List<ProcessHandle> children =
                ProcessHandle.of(started.pid()).orElseThrow().children().toList();

        PartProcess found = PartProcess.find(Part.GATEWAY, data).orElseThrow();
        found.stop(Duration.ofSeconds(5));

        assertThat(found.pid()).isEqualTo(started.pid());
        assertThat(started.endsWithin(Duration.ofSeconds(5))).isTrue();
        assertThat(children).hasSize(2).noneMatch(ProcessHandle::isAlive);
        assertThat(PartProcess.find(Part.GATEWAY, data)).isEmpty();
    }

    @Test
    void processThatIgnoresTheRequestIsEndedByForce() {
        DataDirectory data = new DataDirectory(folder);
        PartProcess stubborn =
                PartProcess.start(Part.GATEWAY, shell("trap '' TERM; echo deaf; while true; do sleep 0.1; done"), data);
        while (LogTail.of(data.log(Part.GATEWAY), 1).isEmpty()) {
            assertThat(stubborn.endsWithin(Duration.ofMillis(10))).isFalse();
        }

        stubborn.stop(Duration.ofMillis(200));

        assertThat(stubborn.alive()).isFalse();
    }

    @Test
    void pidOfAnotherProcessIsNotTaken() throws Exception {
        DataDirectory data = new DataDirectory(folder);
        Files.writeString(data.pidFile(Part.GATEWAY), ProcessHandle.current().pid() + " 1\n");

        assertThat(PartProcess.find(Part.GATEWAY, data)).isEmpty();
    }

    @Test
    void endingSaysTheCode() {
        PartProcess process = PartProcess.start(Part.GATEWAY, shell("exit 3"), new DataDirectory(folder));

        assertThat(process.endsWithin(Duration.ofSeconds(5))).isTrue();
        assertThat(process.ending()).isEqualTo("it ended with code 3");
    }

    private ProcessSpec shell(String script) {
        return new ProcessSpec(List.of("sh", "-c", script), Map.of(), folder);
    }
}
