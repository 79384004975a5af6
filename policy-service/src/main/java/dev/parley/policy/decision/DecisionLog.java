package dev.parley.policy.decision;

import dev.parley.platform.data.Database;
import dev.parley.platform.problem.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Logs decisions from memory in groups, soon after they were answered. A process that is killed loses those of the last
 * moment; what they held is named in the caller's token, and what was used is told by the run's event, so it is charged
 * all the same.
 */
@ApplicationScoped
class DecisionLog {
    private static final Logger LOG = Logger.getLogger(DecisionLog.class);
    private static final int MOST_TOGETHER = 2000;
    private static final Duration AGAIN = Duration.ofMillis(200);
    private static final Duration LAST_WAIT = Duration.ofSeconds(3);

    private final Database database;
    private final DecisionRepository decisions;
    private final DecisionConfig.Log config;
    private final BlockingQueue<DecisionEntry> waiting;
    private final Counter lost;
    private volatile boolean stopping;
    private volatile @Nullable Thread thread;

    DecisionLog(Database database, DecisionRepository decisions, DecisionConfig config, MeterRegistry metrics) {
        this.database = database;
        this.decisions = decisions;
        this.config = config.log();
        this.waiting = new ArrayBlockingQueue<>(config.log().mostWaiting());
        this.lost = metrics.counter("policy.decision.log.lost");
        metrics.gauge("policy.decision.log.waiting", waiting, BlockingQueue::size);
    }

    /** Whether there is room for another: without it, decisions must be logged in their own transaction. */
    boolean hasRoom() {
        return waiting.remainingCapacity() > config.mostWaiting() / 10;
    }

    /** Logs one soon; at once when there is no room, or when nobody may come for it any more. */
    void append(DecisionEntry entry) {
        if (!waiting.offer(entry) || stopping && waiting.remove(entry)) {
            database.acrossTenants(handle -> decisions.logAll(handle, List.of(entry)));
        }
    }

    void start(@Observes StartupEvent event) {
        thread = Thread.ofPlatform().daemon().name("decision-log").start(this::run);
    }

    /** After the requests have ended and before the database goes. */
    void stop(@Observes @Priority(10) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        Thread running = thread;
        if (running != null) {
            LockSupport.unpark(running);
            running.join(LAST_WAIT);
        }
        int left = waiting.size();
        if (left > 0) {
            LOG.errorf("%d decisions from memory were not logged in time", left);
            lost.increment(left);
        }
    }

    private void run() {
        List<DecisionEntry> group = new ArrayList<>();
        try {
            while (!stopping || !waiting.isEmpty()) {
                DecisionEntry first = waiting.poll(config.gather().toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    group.add(first);
                    if (!stopping) {
                        LockSupport.parkNanos(config.gather().toNanos());
                    }
                    waiting.drainTo(group, MOST_TOGETHER - 1);
                    write(group);
                    group.clear();
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for a database that is away; of a group that cannot be written, writes all that can. */
    private void write(List<DecisionEntry> group) {
        for (boolean told = false; ; told = true) {
            try {
                database.acrossTenants(handle -> decisions.logAll(handle, group));
                return;
            } catch (RuntimeException failure) {
                if (!isUnavailable(failure)) {
                    writeParts(group, failure);
                    return;
                }
                if (stopping) {
                    LOG.errorf(failure, "%d decisions from memory could not be logged", group.size());
                    lost.increment(group.size());
                    return;
                }
                if (!told) {
                    LOG.warnf(failure, "decisions from memory wait to be logged");
                }
                LockSupport.parkNanos(AGAIN.toNanos());
            }
        }
    }

    /** Finds the row that cannot be written by halves; its text is not told, because it is a customer's. */
    private void writeParts(List<DecisionEntry> group, RuntimeException failure) {
        if (group.size() == 1) {
            LOG.errorf(
                    "decision %s cannot be logged: %s",
                    group.getFirst().id(), failure.getClass().getName());
            lost.increment();
            return;
        }
        int half = group.size() / 2;
        write(group.subList(0, half));
        write(group.subList(half, group.size()));
    }

    private static boolean isUnavailable(RuntimeException failure) {
        return failure instanceof Problem problem && problem.type().status() == 503;
    }
}
