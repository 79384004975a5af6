package dev.parley.channel.stream;

import dev.parley.channel.stream.StreamRepository.Told;
import dev.parley.platform.tenancy.TenantId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one tenant. Those that have heard everything are told together what happens, by one thread that reads
 * it once; the others catch up first, each by itself and as fast as it takes what it is sent.
 */
final class Audience {
    private static final Logger LOG = Logger.getLogger(Audience.class);
    private static final long PAUSE_AFTER_FAILURE = 250_000_000;

    private final TenantId tenant;
    private final StreamService events;
    private final StreamFormat format;
    private final long remembered;
    private final Set<Subscriber> all = ConcurrentHashMap.newKeySet();
    /** Those that are told together, with the place up to which each was told; guarded, as is the next, by the turn. */
    private final Map<Subscriber, StreamCursor> places = new HashMap<>();

    private @Nullable StreamCursor told;
    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicInteger wanted = new AtomicInteger();
    private long lookedAt = System.nanoTime();

    /** @param remembered what happened within that time is surely not forgotten */
    Audience(TenantId tenant, StreamService events, StreamFormat format, Duration remembered) {
        this.tenant = tenant;
        this.events = events;
        this.format = format;
        this.remembered = remembered.toNanos();
    }

    /** All sockets, those that catch up among them. */
    Set<Subscriber> all() {
        return all;
    }

    /** Tells a socket, from now on with the others, what happens behind a place. */
    void join(Subscriber subscriber, StreamCursor place) {
        turn.lock();
        try {
            places.put(subscriber, place);
            if (told == null || place.compareTo(told) < 0) {
                told = place;
            }
        } finally {
            turn.unlock();
        }
        wake();
    }

    /** Has the sockets told what happened since they were told last; returns at once. */
    void wake() {
        if (wanted.getAndIncrement() == 0) {
            Thread.ofVirtual().name("tell").start(this::run);
        }
    }

    private void run() {
        int seen;
        do {
            seen = wanted.get();
            try {
                tellAll();
            } catch (RuntimeException | Error failure) {
                LOG.warnf(failure, "events of tenant %s cannot be read now", tenant);
                LockSupport.parkNanos(PAUSE_AFTER_FAILURE);
                wanted.incrementAndGet();
            }
        } while (!wanted.compareAndSet(seen, 0));
    }

    private void tellAll() {
        for (StreamCursor from = place(); from != null; from = place()) {
            Optional<List<Told>> news = after(from);
            if (news.isEmpty()) {
                turnAway();
            } else if (news.get().isEmpty()) {
                return;
            } else {
                tell(from, news.get());
            }
        }
    }

    /** What happened behind a place; empty when nobody looked for so long that not all of it is known any more. */
    private Optional<List<Told>> after(StreamCursor from) {
        long now = System.nanoTime();
        Optional<List<Told>> news =
                now - lookedAt < remembered ? Optional.of(events.after(tenant, from)) : events.missed(tenant, from);
        lookedAt = now;
        return news;
    }

    /** Whoever comes back names its place, and hears that it missed something. */
    private void turnAway() {
        turn.lock();
        try {
            places.keySet().forEach(Subscriber::closeBehind);
        } finally {
            turn.unlock();
        }
    }

    /** From where on there is something to tell; null when nobody listens. */
    private @Nullable StreamCursor place() {
        turn.lock();
        try {
            places.keySet().removeIf(subscriber -> !subscriber.listens());
            if (places.isEmpty()) {
                told = null;
            }
            return told;
        } finally {
            turn.unlock();
        }
    }

    private void tell(StreamCursor from, List<Told> news) {
        turn.lock();
        try {
            for (Told event : news) {
                String text = format.text(event);
                places.replaceAll((subscriber, place) -> {
                    // Whoever joined meanwhile from further back has to hear what comes before that first.
                    if (place.compareTo(from) < 0 || place.compareTo(event.cursor()) >= 0) {
                        return place;
                    }
                    subscriber.send(text);
                    return event.cursor();
                });
            }
            if (from.equals(told)) {
                told = news.getLast().cursor();
            }
        } finally {
            turn.unlock();
        }
    }
}
