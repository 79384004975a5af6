package dev.parley.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void offsetMovesEveryPort() {
        assertThat(new Ports(0).of(Part.GATEWAY)).isEqualTo(8080);
        assertThat(new Ports(20000).of(Part.GATEWAY)).isEqualTo(28080);
        assertThat(new Ports(20000).allOf(Part.KAFKA)).containsExactly(39092, 39093);
    }

    @Test
    void noTwoPartsShareAPort() {
        Set<Integer> seen = new HashSet<>();
        for (Part part : Part.values()) {
            part.basePorts()
                    .forEach(port ->
                            assertThat(seen.add(port)).as("port %d", port).isTrue());
        }
        assertThat(seen).hasSize(12);
    }

    @Test
    void offsetThatLeavesTheRangeIsRefusedByName() {
        assertThatThrownBy(() -> new Ports(60000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("PARLEY_PORT_OFFSET=60000 moves PostgreSQL's port 15432 out of range");
        assertThatThrownBy(() -> new Ports(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takenPortIsNamedWithThePartThatWantsIt() throws IOException {
        try (ServerSocket squatter = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int offset = squatter.getLocalPort() - 8080;

            List<String> taken = new Ports(offset).taken(List.of(Part.GATEWAY));

            assertThat(taken)
                    .containsExactly("port %d, wanted by gateway, is taken by another program"
                            .formatted(squatter.getLocalPort()));
        }
    }

    @Test
    void freePortsAreNotNamed() throws IOException {
        int free;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = probe.getLocalPort();
        }
        assertThat(new Ports(free - 8080).taken(List.of(Part.GATEWAY))).isEmpty();
    }
}
