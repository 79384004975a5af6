package dev.parley.platform.event;

import dev.parley.platform.data.Database;
import dev.parley.platform.event.KeyedWork.Delivery;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.operation.Trace;
import dev.parley.platform.problem.Problem;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Hands events to a consumer and decides what a failure means: a part that cannot be reached is waited for, anything
 * else is tried five times and then put aside, so that a poisonous event never blocks those behind it.
 */
final class EventHandling {
    private static final Logger LOG = Logger.getLogger(EventHandling.class);
    private static final int TRIES = 5;
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private final EventConsumer consumer;
    private final EventCodec codec;
    private final Database database;
    private final DeadLetters deadLetters;
    private final BooleanSupplier stopping;

    EventHandling(
            EventConsumer consumer,
            EventCodec codec,
            Database database,
            DeadLetters deadLetters,
            BooleanSupplier stopping) {
        this.consumer = consumer;
        this.codec = codec;
        this.database = database;
        this.deadLetters = deadLetters;
        this.stopping = stopping;
    }

    /** Handles events of one tenant and key, in order; returns when each has had its effect or is put aside. */
    void handle(List<Delivery> batch) {
        boolean together = consumer instanceof TransactionalEventConsumer
                || consumer instanceof FlowEventConsumer flow && (flow.together() || flow.togetherByKey());
        if (together && batch.size() > 1 && attempt(batch)) {
            return;
        }
        batch.forEach(this::handleOne);
    }

    private boolean attempt(List<Delivery> batch) {
        try {
            deliver(batch);
            return true;
        } catch (Throwable failure) {
            LOG.debugf(failure, "batch of %d for %s failed, going one by one", batch.size(), consumer.group());
            return false;
        }
    }

    private void handleOne(Delivery delivery) {
        long pause = FIRST_PAUSE_MILLIS;
        for (int attempt = 1; !stopping.getAsBoolean(); ) {
            try {
                deliver(List.of(delivery));
                return;
            } catch (Throwable failure) {
                // Errors too: a stack that overflows must not hold up what stands behind.
                boolean waitForIt = isUnavailable(failure) || isOfThisProcess(failure);
                if (!waitForIt && attempt++ >= TRIES) {
                    putAside(delivery, failure);
                    return;
                }
                LOG.logf(
                        isOfThisProcess(failure) ? Logger.Level.ERROR : Logger.Level.DEBUG,
                        failure,
                        "%s will try event %s again",
                        consumer.group(),
                        delivery.event().id());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(
                    pause + ThreadLocalRandom.current().nextLong(pause)));
            pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
        }
        throw new Stopped();
    }

    private void deliver(List<Delivery> all) {
        List<Delivery> batch = all.stream()
                .filter(delivery -> consumer.concerns(
                        delivery.event().tenant(), delivery.event().time()))
                .toList();
        if (batch.isEmpty()) {
            return;
        }
        ReceivedEvent first = batch.getFirst().event();
        Operation.enter(first.operationId());
        Operation.tenant(first.tenant());
        try {
            Traces.continued(first.traceparent(), "process " + first.type(), () -> run(batch));
        } finally {
            Operation.leave();
        }
    }

    private void run(List<Delivery> batch) {
        List<ReceivedEvent> events = batch.stream()
                // an event of an erased tenant brings nothing back
                .flatMap(delivery -> codec.open(delivery.message(), delivery.event()).stream())
                .filter(consumer::concerns)
                .toList();
        if (events.isEmpty()) {
            return;
        }
        if (Trace.isSampled()) {
            LOG.infof(
                    "%s takes %d of %s",
                    consumer.group(), events.size(), events.getFirst().type());
        }
        switch (consumer) {
            case TransactionalEventConsumer transactional ->
                database.useTenant(events.getFirst().tenant(), handle -> {
                    List<ReceivedEvent> fresh =
                            transactional.noted() ? Inbox.firstSeen(handle, consumer.group(), events) : events;
                    if (!fresh.isEmpty()) {
                        transactional.handleAll(handle, fresh);
                    }
                });
            case FlowEventConsumer flow -> flow.handleAll(events);
            case BroadcastEventConsumer broadcast -> events.forEach(broadcast::handle);
        }
    }

    private void putAside(Delivery delivery, Throwable failure) {
        LOG.errorf(
                failure,
                "event %s of type %s goes to the dead-letter topic of %s",
                delivery.event().id(),
                delivery.event().type(),
                consumer.group());
        while (true) {
            try {
                deadLetters.put(delivery.message(), consumer.group(), failure);
                return;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new Stopped();
            } catch (Exception unreachable) {
                if (stopping.getAsBoolean()) {
                    throw new Stopped();
                }
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            }
        }
    }

    private static boolean isUnavailable(Throwable failure) {
        return failure instanceof Problem problem && problem.type().status() == 503;
    }

    /** Another process, or this one started anew, may well handle the event: it is not put aside. */
    private static boolean isOfThisProcess(Throwable failure) {
        return failure instanceof LinkageError
                || failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
    }

    /** The service stops before the event was handled; its offset stays uncommitted. */
    static final class Stopped extends RuntimeException {
        Stopped() {
            super("stopped", null, false, false);
        }
    }
}
