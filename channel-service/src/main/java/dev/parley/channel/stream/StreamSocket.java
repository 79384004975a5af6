package dev.parley.channel.stream;

import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.quarkus.websockets.next.OnClose;
import io.quarkus.websockets.next.OnOpen;
import io.quarkus.websockets.next.OnTextMessage;
import io.quarkus.websockets.next.WebSocket;
import io.quarkus.websockets.next.WebSocketConnection;
import jakarta.annotation.security.RolesAllowed;

/** {@code /api/v1/stream}: tells what happens in the caller's tenant as {@code {"type","at","data"}}. */
@WebSocket(path = "/api/v1/stream")
@RolesAllowed({"member", "scope:read"})
public class StreamSocket {
    private final Subscribers subscribers;
    private final CurrentCaller caller;

    StreamSocket(Subscribers subscribers, CurrentCaller caller) {
        this.subscribers = subscribers;
        this.caller = caller;
    }

    /** Begins to listen. */
    @OnOpen
    void open(WebSocketConnection connection) {
        Caller who = caller.get();
        subscribers.add(who.tenant(), who.subject(), connection);
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
