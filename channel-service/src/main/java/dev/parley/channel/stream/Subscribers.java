package dev.parley.channel.stream;

import dev.parley.channel.stream.StreamRepository.Told;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Who listens, by tenant: an event only ever meets the sockets of its own tenant. */
@ApplicationScoped
public class Subscribers {
    private static final Logger LOG = Logger.getLogger(Subscribers.class);
    /** A client that reads so slowly that this many events wait for it is better off connecting again. */
    private static final int MOST_UNSENT = 2_000;

    private static final CloseReason TOO_SLOW = new CloseReason(1013, "too slow, connect again");
    private static final CloseReason NO_LONGER_ALLOWED = new CloseReason(1008, "no longer allowed");

    private final StreamService events;
    private final StreamFormat format;
    private final ConcurrentHashMap<TenantId, Audience> byTenant = new ConcurrentHashMap<>();

    Subscribers(StreamService events, StreamFormat format) {
        this.events = events;
        this.format = format;
    }

    /**
     * Lets a socket hear what happens from now on, after what it missed behind a place, if it names one. Whoever was away
     * for longer than that is remembered hears so first.
     */
    void add(TenantId tenant, String subject, WebSocketConnection connection, @Nullable StreamCursor place) {
        Subscriber subscriber = new Subscriber(subject, connection, new AtomicInteger());
        StreamCursor from = place == null || !events.remembers(place) ? events.now(tenant) : place;
        if (place != null && from != place) {
            send(subscriber, format.reset(from));
        }
        while (!audience(tenant).join(subscriber, from)) {
            Thread.onSpinWait();
        }
        tell(tenant);
        if (!connection.isOpen()) {
            remove(tenant, connection);
        }
    }

    private Audience audience(TenantId tenant) {
        return byTenant.computeIfAbsent(tenant, Audience::new);
    }

    void remove(TenantId tenant, WebSocketConnection connection) {
        byTenant.computeIfPresent(tenant, (key, audience) -> audience.leave(connection) ? null : audience);
    }

    /** Whether anybody of that tenant listens here. */
    boolean any(TenantId tenant) {
        return byTenant.containsKey(tenant);
    }

    /** Tells a tenant's sockets what happened since they were told last. */
    void tell(TenantId tenant) {
        Audience audience = byTenant.get(tenant);
        if (audience != null) {
            audience.tell();
        }
    }

    /** Sends a text that has no place in the order of events to all of a tenant's sockets. */
    void send(TenantId tenant, String text) {
        Audience audience = byTenant.get(tenant);
        if (audience != null) {
            audience.places.keySet().forEach(subscriber -> send(subscriber, text));
        }
    }

    /** Closes those of a tenant's sockets whose subject may no longer listen. */
    void close(TenantId tenant, Predicate<String> subject) {
        Audience audience = byTenant.get(tenant);
        if (audience != null) {
            audience.places.keySet().stream()
                    .filter(subscriber -> subject.test(subscriber.subject()))
                    .forEach(subscriber -> start(subscriber.connection().close(NO_LONGER_ALLOWED)));
        }
    }

    private static void send(Subscriber subscriber, String text) {
        if (subscriber.unsent().incrementAndGet() > MOST_UNSENT) {
            start(subscriber.connection().close(TOO_SLOW));
            return;
        }
        start(subscriber.connection().sendText(text).onTermination().invoke(() -> subscriber
                .unsent()
                .decrementAndGet()));
    }

    private static void start(Uni<Void> action) {
        action.subscribe().with(done -> {}, failure -> LOG.debugf("a socket is gone: %s", failure.getMessage()));
    }

    private record Subscriber(String subject, WebSocketConnection connection, AtomicInteger unsent) {}

    /** The sockets of one tenant, each with the place up to which it was told. */
    private final class Audience {
        private final TenantId tenant;
        private final Map<Subscriber, StreamCursor> places = new ConcurrentHashMap<>();
        private final ReentrantLock turn = new ReentrantLock();
        private boolean over;

        Audience(TenantId tenant) {
            this.tenant = tenant;
        }

        /** False when the last socket has just left: there is another audience then. */
        boolean join(Subscriber subscriber, StreamCursor place) {
            turn.lock();
            try {
                if (!over) {
                    places.put(subscriber, place);
                }
                return !over;
            } finally {
                turn.unlock();
            }
        }

        /** Whether nobody is left. */
        boolean leave(WebSocketConnection connection) {
            turn.lock();
            try {
                places.keySet()
                        .removeIf(subscriber -> subscriber.connection().id().equals(connection.id()));
                over = places.isEmpty();
                return over;
            } finally {
                turn.unlock();
            }
        }

        /** One reader at a time, from the place of the socket that was told least. */
        void tell() {
            turn.lock();
            try {
                StreamCursor least =
                        places.values().stream().min(StreamCursor::compareTo).orElse(null);
                if (least == null) {
                    return;
                }
                for (List<Told> news = events.after(tenant, least);
                        !news.isEmpty();
                        news = events.after(tenant, least)) {
                    news.forEach(this::tell);
                    least = news.getLast().cursor();
                }
            } finally {
                turn.unlock();
            }
        }

        private void tell(Told event) {
            String text = format.text(event);
            places.replaceAll((subscriber, place) -> {
                if (place.compareTo(event.cursor()) >= 0) {
                    return place;
                }
                send(subscriber, text);
                return event.cursor();
            });
        }
    }
}
