package dev.parley.channel.webhookdelivery;

import dev.parley.channel.webhook.Target;
import dev.parley.channel.webhookdelivery.QueueRepository.Standing;
import dev.parley.channel.webhookdelivery.QueueService.Batch;
import dev.parley.channel.webhookdelivery.WebhookSender.Route;
import dev.parley.platform.address.RefusedAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Serves one endpoint while something is due for it: as many attempts at a time as it may have, one when it is first in,
 * first out; results are written together. When it is doubted that the endpoint takes anything, one attempt is made, and
 * then the whole queue rests. A thread of its own, so that no endpoint waits for another; it makes way when others wait
 * for a place.
 */
final class EndpointRun {
    private static final int BATCH = 200;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long CONTENDED_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);
    private static final Duration FAREWELL = Duration.ofSeconds(3);

    private final Lease lease;
    private final QueueService queue;
    private final WebhookSender sender;
    private final DeliveryConfig config;
    private final DeliveryMetrics metrics;
    private final BooleanSupplier crowded;
    private final BooleanSupplier stopping;
    private final long endOfSlice;
    private final Thread thread = Thread.currentThread();
    private final Queue<Call> ended = new ConcurrentLinkedQueue<>();
    private final Queue<Due> ready = new ArrayDeque<>();
    private final Map<UUID, Call> underWay = new HashMap<>();
    private final List<Result> results = new ArrayList<>();
    private @Nullable Target target;
    private @Nullable Call probe;
    private Instant readAt = Instant.EPOCH;
    private long readNanos;
    private int failures;
    private boolean resting;
    private boolean gone;
    private boolean drained;
    private long lookedAt = System.nanoTime();
    private long checkedAt = System.nanoTime();
    private long gatheringSince;

    /** Made by the thread that runs it. */
    EndpointRun(
            Lease lease,
            QueueService queue,
            WebhookSender sender,
            DeliveryConfig config,
            DeliveryMetrics metrics,
            BooleanSupplier crowded,
            BooleanSupplier stopping) {
        this.lease = lease;
        this.queue = queue;
        this.sender = sender;
        this.config = config;
        this.metrics = metrics;
        this.crowded = crowded;
        this.stopping = stopping;
        this.endOfSlice = System.nanoTime() + config.slice().toNanos();
        this.failures = lease.failures();
    }

    /** Goes on with attempts that somebody else began; returns whom to tell when they end. */
    Consumer<Call> adopt(Target of, List<Call> calls) {
        target = of;
        readAt = calls.getFirst().delivery().readAt();
        readNanos = lookedAt;
        calls.forEach(call -> underWay.put(call.delivery().event(), call));
        return this::ended;
    }

    /** Returns when nothing is due any more, the lease is lost, or others go on; true when they may do so at once. */
    boolean run() {
        while (!stopping.getAsBoolean()) {
            takeEnded();
            if (isTimeToWrite() && !write()) {
                return false;
            }
            if (isIdle() && (isSliceOver() || lease.doubtful() && !isInDoubt())) {
                queue.handOver(lease, Duration.ZERO); // others have their turn, or it is served among its like
                return true;
            }
            fill();
            if (!start()) {
                queue.handOver(lease, ASK_AGAIN);
                return false;
            }
            if (isIdle() && ready.isEmpty()) {
                if ((drained || gone) && queue.release(lease)) {
                    return false;
                }
                drained = false;
                gone = false;
                LockSupport.parkNanos(this, CONTENDED_NANOS);
            } else if (ended.isEmpty()) {
                LockSupport.parkNanos(this, results.isEmpty() ? TICK_NANOS : GATHER_NANOS);
            }
            giveUpLate();
        }
        leave();
        return true;
    }

    private boolean isIdle() {
        return underWay.isEmpty() && results.isEmpty();
    }

    private boolean isInDoubt() {
        return failures >= Lease.IN_DOUBT;
    }

    /** Whether it has had its place for long enough, and others wait for one. */
    private boolean isSliceOver() {
        return System.nanoTime() - endOfSlice > 0 && crowded.getAsBoolean();
    }

    private void takeEnded() {
        for (Call call = ended.poll(); call != null; call = ended.poll()) {
            Attempt attempt = call.attempt();
            if (attempt == null || underWay.remove(call.delivery().event()) == null) {
                continue;
            }
            metrics.attempted(attempt);
            Verdict verdict = Verdict.of(
                    attempt,
                    call.delivery().tries() + 1,
                    config.schedule(),
                    config.longestRetryAfter(),
                    ThreadLocalRandom.current().nextDouble());
            if (results.isEmpty()) {
                gatheringSince = System.nanoTime();
            }
            results.add(new Result(call.delivery().event(), attempt, verdict));
            count(call, attempt);
            gone |= attempt.gone();
            if (!attempt.taken() && (isOrdered() || isInDoubt() || gone || verdict.pause() != null)) {
                ready.clear(); // the whole queue waits; they come again in their order
                resting = true;
            }
        }
    }

    /** What failed together makes one doubt; from then on each attempt that is made to find out counts. */
    private void count(Call call, Attempt attempt) {
        if (attempt.taken()) {
            failures = 0;
        } else if (call.equals(probe)) {
            failures++;
        } else {
            failures = Math.max(failures, Math.min(failures + 1, Lease.IN_DOUBT));
        }
    }

    private void giveUpLate() {
        if (System.nanoTime() - checkedAt > TICK_NANOS) {
            checkedAt = System.nanoTime();
            underWay.values().forEach(call -> call.giveUpAfter(config.timeout()));
        }
    }

    private boolean isTimeToWrite() {
        return !results.isEmpty()
                && (resting
                        || underWay.isEmpty() && ready.isEmpty()
                        || results.size() >= BATCH
                        || System.nanoTime() - gatheringSince > GATHER_NANOS);
    }

    private boolean write() {
        Duration rest = Verdict.rest(
                failures,
                config.rest(),
                config.longestRest(),
                ThreadLocalRandom.current().nextDouble());
        boolean held = queue.write(lease, List.copyOf(results), new Standing(failures, rest, isOrdered()));
        results.clear();
        resting = false;
        return held;
    }

    /** Reads on when there is room; after everything was read, looks again for what was told or changed meanwhile. */
    private void fill() {
        if (System.nanoTime() - lookedAt > FRESH_NANOS || isSliceOver()) {
            ready.clear(); // the endpoint may be another by now, or others wait
        }
        if (!ready.isEmpty()
                || gone
                || isSliceOver()
                || !results.isEmpty() && (isOrdered() || resting)
                || underWay.size() >= places()
                || drained && System.nanoTime() - lookedAt < TICK_NANOS) {
            return;
        }
        List<UUID> inHand = new ArrayList<>(underWay.keySet());
        results.forEach(result -> inHand.add(result.event()));
        Batch batch = queue.fetch(lease, inHand, BATCH);
        target = batch.target() == null ? target : batch.target();
        ready.addAll(batch.due());
        drained = batch.due().size() < BATCH;
        lookedAt = System.nanoTime();
        if (!batch.due().isEmpty()) {
            readAt = batch.due().getFirst().readAt();
            readNanos = lookedAt;
        }
    }

    /** Begins as many attempts as may be; false when it cannot be found out now where the endpoint is. */
    private boolean start() {
        Target to = target;
        if (ready.isEmpty() || underWay.size() >= places() || to == null) {
            return true;
        }
        Route route;
        try {
            route = sender.route(lease.tenant(), to);
        } catch (RefusedAddress refused) {
            return refused.undecided() ? !isIdle() : refuse(ready.remove(), refused);
        }
        List<Call> begun = new ArrayList<>();
        while (!ready.isEmpty() && underWay.size() < places()) {
            Due next = ready.remove();
            Call call = sender.prepare(next, to, route, now(), this::ended);
            underWay.put(next.event(), call);
            begun.add(call);
            probe = isInDoubt() ? call : probe;
        }
        sender.send(lease.tenant(), begun);
        return true;
    }

    /** What holds for the address holds for all that waits: one attempt stands for it. */
    private boolean refuse(Due delivery, RefusedAddress refused) {
        Call call = new Call(delivery, now(), System.nanoTime(), this::ended);
        failures = Math.max(failures, Lease.IN_DOUBT - 1);
        probe = isInDoubt() ? call : probe;
        underWay.put(delivery.event(), call);
        call.failed(refused.getMessage());
        return true;
    }

    private Instant now() {
        return readAt.plusNanos(System.nanoTime() - readNanos);
    }

    private void ended(Call call) {
        ended.add(call);
        LockSupport.unpark(thread);
    }

    private int places() {
        return target == null || isOrdered() || isInDoubt() ? 1 : target.concurrency();
    }

    private boolean isOrdered() {
        return target != null && target.fifo();
    }

    /** Waits a little for what is under way, so that less is sent twice, and lets another replica go on. */
    private void leave() {
        long giveUp = System.nanoTime() + FAREWELL.toNanos();
        takeEnded();
        while (!underWay.isEmpty() && System.nanoTime() - giveUp < 0) {
            LockSupport.parkNanos(this, GATHER_NANOS);
            takeEnded();
        }
        if (results.isEmpty() || write()) {
            queue.handOver(lease, Duration.ZERO);
        }
    }
}
