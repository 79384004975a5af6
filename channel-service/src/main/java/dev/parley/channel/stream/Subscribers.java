package dev.parley.channel.stream;

import dev.parley.platform.tenancy.TenantId;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/** Who listens, by tenant: an event only ever meets the sockets of its own tenant. */
@ApplicationScoped
public class Subscribers {
    private static final Logger LOG = Logger.getLogger(Subscribers.class);
    /** A client that reads so slowly that this many events wait for it is better off connecting again. */
    private static final int MOST_UNSENT = 1_000;

    private static final CloseReason TOO_SLOW = new CloseReason(1013, "too slow, connect again");
    private static final CloseReason NO_LONGER_ALLOWED = new CloseReason(1008, "no longer allowed");

    private final ConcurrentHashMap<TenantId, Map<String, Subscriber>> byTenant = new ConcurrentHashMap<>();

    void add(TenantId tenant, String subject, WebSocketConnection connection) {
        byTenant.compute(tenant, (key, present) -> {
            Map<String, Subscriber> subscribers = present == null ? new ConcurrentHashMap<>() : present;
            subscribers.put(connection.id(), new Subscriber(subject, connection, new AtomicInteger()));
            return subscribers;
        });
    }

    void remove(TenantId tenant, WebSocketConnection connection) {
        byTenant.computeIfPresent(tenant, (key, subscribers) -> {
            subscribers.remove(connection.id());
            return subscribers.isEmpty() ? null : subscribers;
        });
    }

    /** Whether anybody of that tenant listens here. */
    boolean any(TenantId tenant) {
        return byTenant.containsKey(tenant);
    }

    /** Sends a text to all of a tenant's sockets; never blocks. */
    void send(TenantId tenant, String text) {
        byTenant.getOrDefault(tenant, Map.of()).values().forEach(subscriber -> send(subscriber, text));
    }

    /** Closes those of a tenant's sockets whose subject may no longer listen. */
    void close(TenantId tenant, Predicate<String> subject) {
        byTenant.getOrDefault(tenant, Map.of()).values().stream()
                .filter(subscriber -> subject.test(subscriber.subject()))
                .forEach(subscriber -> start(subscriber.connection().close(NO_LONGER_ALLOWED)));
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
}
