package dev.parley.e2e.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What the live stream tells a caller, as a console would hear it. */
public final class LiveStream implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Queue<Heard> heard = new ConcurrentLinkedQueue<>();
    private final WebSocket socket;

    /** One thing that was told, and when it came. */
    public record Heard(Instant came, JsonNode told) {
        /** What of it is told. */
        public JsonNode data() {
            return told.path("data");
        }

        /** When it happened. */
        public Instant at() {
            return Instant.parse(told.path("at").asText());
        }
    }

    /** Begins to listen. */
    public LiveStream(Api caller) {
        URI address = URI.create(Stack.running().gatewayUrl().replaceFirst("^http", "ws") + "/api/v1/stream");
        socket = HTTP.newWebSocketBuilder()
                .header("Authorization", caller.header("Authorization"))
                .buildAsync(address, new Ear(heard))
                .join();
        // What happens before the server says that it listens is not told.
        Eventually.passes(
                Duration.ofSeconds(10), () -> assertThat(of("stream.opened")).isNotEmpty());
    }

    /** Everything of that type so far. */
    public List<Heard> of(String type) {
        return heard.stream()
                .filter(one -> one.told().path("type").asText().equals(type))
                .toList();
    }

    @Override
    public void close() {
        socket.abort();
    }

    private static final class Ear implements WebSocket.Listener {
        private final Queue<Heard> heard;
        private final StringBuilder part = new StringBuilder();

        Ear(Queue<Heard> heard) {
            this.heard = heard;
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                try {
                    heard.add(new Heard(Instant.now(), JSON.readTree(part.toString())));
                } catch (JsonProcessingException e) {
                    throw new AssertionError(part.toString(), e);
                }
                part.setLength(0);
            }
            from.request(1);
            return null;
        }
    }
}
