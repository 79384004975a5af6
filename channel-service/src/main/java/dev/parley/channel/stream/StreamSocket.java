package dev.parley.channel.stream;

import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.quarkus.websockets.next.HandshakeRequest;
import io.quarkus.websockets.next.OnClose;
import io.quarkus.websockets.next.OnOpen;
import io.quarkus.websockets.next.OnTextMessage;
import io.quarkus.websockets.next.WebSocket;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/stream}: tells what happens in the caller's tenant as {@code {"type","at","cursor","data"}}. With
 * {@code ?after=<cursor>} it begins with what happened behind that one.
 */
@WebSocket(path = "/api/v1/stream")
@RolesAllowed({"member", "scope:read"})
public class StreamSocket {
    private static final String AFTER = "after=";

    private final Subscribers subscribers;
    private final CurrentCaller caller;

    StreamSocket(Subscribers subscribers, CurrentCaller caller) {
        this.subscribers = subscribers;
        this.caller = caller;
    }

    /** Begins to listen. */
    @OnOpen
    @RunOnVirtualThread
    void open(WebSocketConnection connection, HandshakeRequest handshake) {
        Caller who = caller.get();
        subscribers.add(who.tenant(), who.subject(), connection, after(handshake.query()));
    }

    private static @Nullable String after(@Nullable String query) {
        if (query == null) {
            return null;
        }
        return Arrays.stream(query.split("&"))
                .filter(parameter -> parameter.startsWith(AFTER) && parameter.length() > AFTER.length())
                .map(parameter -> parameter.substring(AFTER.length()))
                .findFirst()
                .orElse(null);
    }

    /** Takes no notice: clients only listen. */
    @OnTextMessage
    void message(String ignored) {}

    /** Stops listening. */
    @OnClose
    void close(WebSocketConnection connection) {
        subscribers.remove(caller.get().tenant(), connection);
    }
}
