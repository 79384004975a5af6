package dev.parley.agent.provider.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerSentEventsTest {
    private final List<String> events = new ArrayList<>();
    private final ServerSentEvents parser = new ServerSentEvents(
            1000, (name, data) -> events.add(name + "=" + new String(data, StandardCharsets.UTF_8)));

    @Test
    void bytesMayBreakAnywhere() {
        byte[] stream =
                "event: delta\r\ndata: häl\r\ndata:lo \uD83D\uDE00\r\n\r\n: comment\n\ndata: x\n\n\ndata\n\nid: 7\nretry: 1\ndata: y\n\n"
                        .getBytes(StandardCharsets.UTF_8);
        for (int piece = 1; piece <= stream.length; piece++) {
            events.clear();
            ServerSentEvents fresh = new ServerSentEvents(
                    1000, (name, data) -> events.add(name + "=" + new String(data, StandardCharsets.UTF_8)));
            for (int at = 0; at < stream.length; at += piece) {
                fresh.feed(
                        Buffer.buffer(java.util.Arrays.copyOfRange(stream, at, Math.min(stream.length, at + piece))));
            }
            assertThat(events)
                    .as("pieces of " + piece)
                    .containsExactly("delta=häl\nlo \uD83D\uDE00", "null=x", "null=", "null=y");
        }
    }

    @Test
    void anEventWithoutItsEndIsNone() {
        parser.feed(Buffer.buffer("data: half"));
        parser.feed(Buffer.buffer("\n"));
        assertThat(events).isEmpty();
    }

    @Test
    void anEventTooLargeIsRefused() {
        assertThatThrownBy(() -> parser.feed(Buffer.buffer("data: " + "x".repeat(1000))))
                .isInstanceOf(IllegalStateException.class);
    }
}
