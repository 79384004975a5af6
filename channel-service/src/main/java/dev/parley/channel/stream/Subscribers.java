package dev.parley.channel.stream;

import dev.parley.channel.stream.StreamRepository.Told;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.websockets.next.WebSocketConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Who listens, by tenant: an event only ever meets the sockets of its own tenant. */
@ApplicationScoped
class Subscribers {
    private static final Logger LOG = Logger.getLogger(Subscribers.class);
    /** A socket that catches up is sent no more while this many events wait for it. */
    private static final int MOST_AT_ONCE = 200;

    /** Of the time for which events are remembered: they are forgotten by another process's clock. */
    private static final int SURELY = 2;

    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(500);

    private final StreamService events;
    private final StreamFormat format;
    private final StreamConfig config;
    private final ConcurrentHashMap<TenantId, Audience> byTenant = new ConcurrentHashMap<>();

    Subscribers(StreamService events, StreamFormat format, StreamConfig config) {
        this.events = events;
        this.format = format;
        this.config = config;
    }

    /**
     * Lets a socket hear what happens from now on, after what it missed behind the place that it names, if it names one.
     * The first thing that it hears is its place, or that not all it missed is known any more; returns at once.
     */
    void add(TenantId tenant, String subject, WebSocketConnection connection, @Nullable String after) {
        Subscriber subscriber = new Subscriber(subject, connection);
        Audience audience = byTenant.compute(tenant, (key, known) -> {
            Audience of = known == null
                    ? new Audience(tenant, events, format, config.memory().dividedBy(SURELY))
                    : known;
            of.all().add(subscriber);
            return of;
        });
        Thread.ofVirtual().name("catch-up").start(() -> {
            catchUp(tenant, audience, subscriber, after);
            if (!subscriber.listens()) {
                remove(tenant, connection);
            }
        });
    }

    private void catchUp(TenantId tenant, Audience audience, Subscriber subscriber, @Nullable String after) {
        StreamCursor place = after == null ? null : StreamCursor.parse(after).orElse(null);
        boolean greeted = false;
        while (subscriber.listens()) {
            try {
                if (place == null) {
                    place = events.now(tenant);
                    subscriber.send(after == null ? format.opened(place) : format.reset(place));
                    greeted = true;
                }
                Optional<List<Told>> missed = events.missed(tenant, place);
                if (missed.isEmpty()) {
                    place = null;
                    after = "";
                    continue;
                }
                if (!greeted) {
                    subscriber.send(format.opened(place));
                    greeted = true;
                }
                for (Told event : missed.get()) {
                    awaitTaken(subscriber);
                    subscriber.send(format.text(event));
                    place = event.cursor();
                }
                if (missed.get().size() < StreamService.PAGE) {
                    audience.join(subscriber, place);
                    return;
                }
            } catch (RuntimeException failure) {
                LOG.warnf("a socket of tenant %s waits: %s", tenant, failure.getMessage());
                LockSupport.parkNanos(PAUSE_AFTER_FAILURE.toNanos());
            }
        }
    }

    private void awaitTaken(Subscriber subscriber) {
        int before = subscriber.unsent();
        long patience = config.patience().toNanos();
        while (subscriber.listens() && subscriber.unsent() >= MOST_AT_ONCE) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            patience = subscriber.unsent() < before ? config.patience().toNanos() : patience - LOOK_AGAIN.toNanos();
            before = subscriber.unsent();
            if (patience <= 0) {
                subscriber.closeTooSlow();
            }
        }
    }

    void remove(TenantId tenant, WebSocketConnection connection) {
        byTenant.computeIfPresent(tenant, (key, audience) -> {
            audience.all().removeIf(subscriber -> subscriber.is(connection));
            return audience.all().isEmpty() ? null : audience;
        });
    }

    /** Whether anybody of that tenant listens here. */
    boolean any(TenantId tenant) {
        return byTenant.containsKey(tenant);
    }

    /** Who of that tenant listens here. */
    Set<String> subjects(TenantId tenant) {
        Audience audience = byTenant.get(tenant);
        return audience == null
                ? Set.of()
                : audience.all().stream()
                        .filter(Subscriber::listens)
                        .map(Subscriber::subject)
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** Has a tenant's sockets told what happened since they were told last; returns at once. */
    void tell(TenantId tenant) {
        Audience audience = byTenant.get(tenant);
        if (audience != null) {
            audience.wake();
        }
    }

    /** Sends a text that has no place in the order of events to all of a tenant's sockets. */
    void send(TenantId tenant, String text) {
        Audience audience = byTenant.get(tenant);
        if (audience != null) {
            audience.all().forEach(subscriber -> subscriber.send(text));
        }
    }

    /** Closes those of a tenant's sockets whose subject may no longer listen. */
    void close(TenantId tenant, Predicate<String> subject) {
        Audience audience = byTenant.get(tenant);
        if (audience != null) {
            audience.all().stream()
                    .filter(subscriber -> subject.test(subscriber.subject()))
                    .forEach(Subscriber::closeForbidden);
        }
    }
}
