package dev.parley.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LauncherTest {
    @Test
    void withoutSettingsItIsTheWholeStackInTheCheckout() {
        StackOptions options = Launcher.options(List.of("up"), Map.of());

        assertThat(options.portOffset()).isZero();
        assertThat(options.dataDirectory()).isEqualTo(options.checkout().resolve(".parley"));
        assertThat(options.parts()).containsExactlyInAnyOrder(Part.values());
        assertThat(options.seed()).isTrue();
    }

    @Test
    void environmentMovesPortsAndData() {
        StackOptions options = Launcher.options(
                List.of("up", "--only=postgresql,kafka", "--no-seed"),
                Map.of("PARLEY_PORT_OFFSET", "20000", "PARLEY_DATA_DIR", "/tmp/elsewhere"));

        assertThat(options.portOffset()).isEqualTo(20000);
        assertThat(options.dataDirectory()).isEqualTo(Path.of("/tmp/elsewhere"));
        assertThat(options.parts()).containsExactlyInAnyOrder(Part.POSTGRESQL, Part.KAFKA);
        assertThat(options.seed()).isFalse();
    }

    @Test
    void nonsenseIsNamed() {
        assertThatThrownBy(() -> Launcher.options(List.of("up"), Map.of("PARLEY_PORT_OFFSET", "many")))
                .isInstanceOf(StackFailure.class)
                .hasMessage("PARLEY_PORT_OFFSET is a whole number, not many");
        assertThatThrownBy(() -> Launcher.options(List.of("up", "--only=mysql"), Map.of()))
                .isInstanceOf(StackFailure.class)
                .hasMessage("there is no part called mysql");
    }
}
