package dev.parley.channel.stream;

import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/** One socket, and how much it was sent that it has not taken yet. */
final class Subscriber {
    private static final Logger LOG = Logger.getLogger(Subscriber.class);
    /** A client that reads so slowly that this many events wait for it is better off connecting again. */
    private static final int MOST_UNSENT = 2_000;

    private static final CloseReason TOO_SLOW = new CloseReason(1013, "too slow, connect again");
    private static final CloseReason BEHIND = new CloseReason(1013, "too far behind, connect again");
    private static final CloseReason NO_LONGER_ALLOWED = new CloseReason(1008, "no longer allowed");

    private final String subject;
    private final WebSocketConnection connection;
    private final AtomicInteger unsent = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();

    Subscriber(String subject, WebSocketConnection connection) {
        this.subject = subject;
        this.connection = connection;
    }

    /** Who listens. */
    String subject() {
        return subject;
    }

    /** Whether it is the one of that connection. */
    boolean is(WebSocketConnection other) {
        return connection.id().equals(other.id());
    }

    /** Whether it still listens. */
    boolean listens() {
        return !over.get() && connection.isOpen();
    }

    /** How much waits to be taken. */
    int unsent() {
        return unsent.get();
    }

    /** Sends a text, without waiting; a client that takes nothing is closed instead. */
    void send(String text) {
        if (over.get()) {
            return;
        }
        if (unsent.incrementAndGet() > MOST_UNSENT) {
            closeTooSlow();
            return;
        }
        start(connection.sendText(text).onTermination().invoke(unsent::decrementAndGet));
    }

    /** Ends it because it does not take what it is sent. */
    void closeTooSlow() {
        close(TOO_SLOW);
    }

    /** Ends it because what it has to hear next is forgotten. */
    void closeBehind() {
        close(BEHIND);
    }

    /** Ends it because its subject may not listen any more. */
    void closeForbidden() {
        close(NO_LONGER_ALLOWED);
    }

    private void close(CloseReason reason) {
        if (over.compareAndSet(false, true)) {
            start(connection.close(reason));
        }
    }

    private static void start(Uni<Void> action) {
        action.subscribe().with(done -> {}, failure -> LOG.debugf("a socket is gone: %s", failure.getMessage()));
    }
}
