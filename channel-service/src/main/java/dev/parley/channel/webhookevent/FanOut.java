package dev.parley.channel.webhookevent;

import dev.parley.channel.webhookdelivery.Dispatcher;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Queues events, those of a tenant that come at the same time in one statement: whoever gets the turn takes what the
 * others have brought along with its own.
 */
@ApplicationScoped
class FanOut {
    private static final int BATCH = 200;

    private final FanOutRepository repository;
    private final Dispatcher dispatcher;
    private final ConcurrentMap<TenantId, Desk> desks = new ConcurrentHashMap<>();

    FanOut(FanOutRepository repository, Dispatcher dispatcher) {
        this.repository = repository;
        this.dispatcher = dispatcher;
    }

    /** Returns when the event is queued, or throws why it is not. */
    void tell(TenantId tenant, Happening happening) {
        Letter letter = new Letter(happening);
        // Nobody takes a desk away while somebody stands at it.
        Desk desk = desks.compute(tenant, (ignored, present) -> {
            Desk at = present == null ? new Desk() : present;
            at.visitors++;
            return at;
        });
        try {
            desk.letters.add(letter);
            desk.turn.lock();
            try {
                while (!letter.done) {
                    send(tenant, desk);
                }
            } finally {
                desk.turn.unlock();
            }
        } finally {
            desks.computeIfPresent(tenant, (ignored, at) -> --at.visitors == 0 ? null : at);
        }
        if (letter.failure != null) {
            throw letter.failure;
        }
    }

    private void send(TenantId tenant, Desk desk) {
        List<Letter> letters = new ArrayList<>();
        for (Letter next = desk.letters.poll();
                next != null;
                next = letters.size() < BATCH ? desk.letters.poll() : null) {
            letters.add(next);
        }
        RuntimeException failure = null;
        try {
            List<Happening> events =
                    letters.stream().map(letter -> letter.happening).toList();
            if (repository.tell(tenant, events) > 0) {
                dispatcher.wake();
            }
        } catch (RuntimeException failed) {
            failure = failed;
        }
        for (Letter letter : letters) {
            letter.failure = failure;
            letter.done = true;
        }
    }

    /** Where the events of one tenant meet. */
    private static final class Desk {
        private final Queue<Letter> letters = new ConcurrentLinkedQueue<>();
        private final ReentrantLock turn = new ReentrantLock();
        private int visitors;
    }

    /** An event on its way; read and written by those who have the turn. */
    private static final class Letter {
        private final Happening happening;
        private boolean done;
        private @Nullable RuntimeException failure;

        Letter(Happening happening) {
            this.happening = happening;
        }
    }
}
