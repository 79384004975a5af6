package dev.parley.platform.event;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Runs events of one lane one after the other and those of different lanes at the same time, and knows up to which
 * offset each partition is done.
 */
final class KeyedWork {
    private static final Logger LOG = Logger.getLogger(KeyedWork.class);
    private static final int BATCH = 200;

    private final Executor executor;
    private final Consumer<List<Delivery>> handler;
    private final Function<ReceivedEvent, String> laneOf;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, ArrayDeque<Delivery>> waiting = new HashMap<>();
    private final ConcurrentMap<TopicPartition, Progress> progress = new ConcurrentHashMap<>();
    private int unfinished;
    private long submitted;

    /** Work whose lanes are a tenant's keys, or each tenant as a whole. */
    KeyedWork(Executor executor, Consumer<List<Delivery>> handler, boolean wholeTenants) {
        this.executor = executor;
        this.handler = handler;
        this.laneOf = wholeTenants ? KeyedWork::tenant : KeyedWork::tenantAndKey;
    }

    private static String tenant(ReceivedEvent event) {
        return event.tenant().toString();
    }

    private static String tenantAndKey(ReceivedEvent event) {
        return event.tenant() + "/" + event.key();
    }

    /** Queues an event; the handler gets it after all earlier events of the same lane. */
    void submit(Delivery delivery) {
        String lane = laneOf.apply(delivery.event());
        TopicPartition partition = delivery.partition();
        long offset = delivery.message().offset();
        lock.lock();
        try {
            progress.computeIfAbsent(partition, ignored -> new Progress()).start(offset);
            unfinished++;
            submitted++;
            ArrayDeque<Delivery> queue = waiting.get(lane);
            if (queue != null) {
                queue.add(delivery);
                return;
            }
            queue = new ArrayDeque<>();
            queue.add(delivery);
            waiting.put(lane, queue);
        } finally {
            lock.unlock();
        }
        executor.execute(() -> drain(lane));
    }

    /** Notes an offset that needs no work. */
    void skip(TopicPartition partition, long offset) {
        lock.lock();
        try {
            progress.computeIfAbsent(partition, ignored -> new Progress()).skip(offset);
        } finally {
            lock.unlock();
        }
    }

    private void drain(String lane) {
        while (true) {
            List<Delivery> batch = take(lane);
            if (batch.isEmpty()) {
                return;
            }
            boolean handled = false;
            try {
                handler.accept(batch);
                handled = true;
            } catch (EventHandling.Stopped stopped) {
                // What stands behind must not come before this, so the lane rests until the service has ended.
                throw stopped;
            } catch (Throwable failure) {
                LOG.errorf(failure, "%d events of %s are not handled, those behind them are", batch.size(), lane);
            } finally {
                finish(batch, handled);
            }
        }
    }

    private List<Delivery> take(String lane) {
        lock.lock();
        try {
            ArrayDeque<Delivery> queue = waiting.get(lane);
            List<Delivery> batch = new ArrayList<>();
            while (queue != null && !queue.isEmpty() && batch.size() < BATCH) {
                batch.add(queue.poll());
            }
            if (batch.isEmpty()) {
                waiting.remove(lane);
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Ends a batch; the offsets of one that was not handled stay open, so that they come again. */
    private void finish(List<Delivery> batch, boolean handled) {
        lock.lock();
        try {
            (handled ? batch : List.<Delivery>of()).forEach(item -> {
                Progress of = progress.get(item.partition());
                if (of != null) {
                    of.finish(item.message().offset());
                }
            });
            unfinished -= batch.size();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** How many events are queued or running. */
    int unfinished() {
        lock.lock();
        try {
            return unfinished;
        } finally {
            lock.unlock();
        }
    }

    /** How many events were ever queued. */
    long submitted() {
        lock.lock();
        try {
            return submitted;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until nothing is left, at most that long; returns whether nothing is. */
    boolean awaitIdle(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (unfinished > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
            return unfinished == 0;
        } finally {
            lock.unlock();
        }
    }

    /** The offsets that may be committed now and were not before: everything before them is done. */
    Map<TopicPartition, OffsetAndMetadata> committable() {
        lock.lock();
        try {
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            progress.forEach((partition, of) -> {
                long next = of.next();
                if (next > of.committed) {
                    of.committed = next;
                    offsets.put(partition, new OffsetAndMetadata(next));
                }
            });
            return offsets;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a partition that another replica has now. */
    void forget(TopicPartition partition) {
        lock.lock();
        try {
            progress.remove(partition);
        } finally {
            lock.unlock();
        }
    }

    /** A record and the event that it carries. */
    record Delivery(ConsumerRecord<String, byte[]> message, ReceivedEvent event) {
        TopicPartition partition() {
            return new TopicPartition(message.topic(), message.partition());
        }
    }

    private static final class Progress {
        private final NavigableSet<Long> running = new TreeSet<>();
        private long highest = -1;
        private long committed = -1;

        void start(long offset) {
            running.add(offset);
            highest = offset;
        }

        void skip(long offset) {
            highest = Math.max(highest, offset);
        }

        void finish(long offset) {
            running.remove(offset);
        }

        long next() {
            return running.isEmpty() ? highest + 1 : running.first();
        }
    }
}
