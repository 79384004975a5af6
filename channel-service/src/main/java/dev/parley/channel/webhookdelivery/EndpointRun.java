package dev.parley.channel.webhookdelivery;

import dev.parley.channel.webhook.Target;
import dev.parley.channel.webhookdelivery.QueueService.Batch;
import io.vertx.core.Context;
import java.time.Duration;
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
import org.jspecify.annotations.Nullable;

/**
 * Serves one endpoint while something is due for it: as many attempts at a time as it may have, one when it takes nothing
 * or is first in, first out; results are written together. A thread of its own, so that no endpoint waits for another.
 */
final class EndpointRun {
    private static final int BATCH = 200;
    private static final int FAILURES_IN_DOUBT = 3;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final Duration FAREWELL = Duration.ofSeconds(3);

    private final Lease lease;
    private final QueueService queue;
    private final WebhookSender sender;
    private final DeliveryConfig config;
    private final DeliveryMetrics metrics;
    private final BooleanSupplier stopping;
    private final Thread thread = Thread.currentThread();
    private final Context loop;
    private final Queue<Call> ended = new ConcurrentLinkedQueue<>();
    private final Queue<Due> ready = new ArrayDeque<>();
    private final Map<UUID, Call> underWay = new HashMap<>();
    private final List<Result> results = new ArrayList<>();
    private @Nullable Target target;
    private int failures;
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
            BooleanSupplier stopping) {
        this.lease = lease;
        this.queue = queue;
        this.sender = sender;
        this.config = config;
        this.metrics = metrics;
        this.stopping = stopping;
        this.loop = sender.loop();
        this.failures = lease.failing() ? FAILURES_IN_DOUBT : 0;
    }

    /** Returns when nothing is due any more, the lease is lost, or others go on; true when they may do so at once. */
    boolean run() {
        while (!stopping.getAsBoolean()) {
            takeEnded();
            if (isTimeToWrite() && !write()) {
                return false;
            }
            if (isIdle() && lease.failing() != isInDoubt()) {
                queue.handOver(lease); // it is served among its like
                return true;
            }
            fill();
            start();
            if (isIdle() && ready.isEmpty()) {
                if (drained && queue.release(lease)) {
                    return false;
                }
                drained = false;
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
        return failures >= FAILURES_IN_DOUBT;
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
            failures = attempt.taken() ? 0 : failures + 1;
            if (!attempt.taken() && (isOrdered() || verdict.pause() != null)) {
                ready.clear(); // the whole queue waits; they come again in their order
            }
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
                && (underWay.isEmpty() && ready.isEmpty()
                        || results.size() >= BATCH
                        || System.nanoTime() - gatheringSince > GATHER_NANOS);
    }

    private boolean write() {
        boolean held = queue.write(lease, List.copyOf(results), isOrdered());
        results.clear();
        return held;
    }

    /** Reads on when there is room; after everything was read, looks again for what was told or changed meanwhile. */
    private void fill() {
        if (System.nanoTime() - lookedAt > FRESH_NANOS) {
            ready.clear(); // the endpoint may be another by now
        }
        if (!ready.isEmpty()
                || !results.isEmpty() && isOrdered()
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
    }

    private void start() {
        List<Call> begun = new ArrayList<>();
        while (!ready.isEmpty() && underWay.size() < places() && target != null) {
            Due next = ready.remove();
            Call call = sender.prepare(next, target, this::ended);
            underWay.put(next.event(), call);
            if (call.attempt() == null) {
                begun.add(call);
            }
        }
        if (!begun.isEmpty()) {
            sender.send(loop, begun);
        }
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
            queue.handOver(lease);
        }
    }
}
