package dev.parley.platform.event;

import dev.parley.platform.event.KeyedWork.Delivery;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/** Reads the topics of one consumer group and commits an offset only when everything before it has had its effect. */
final class GroupLoop implements Runnable {
    private static final Logger LOG = Logger.getLogger(GroupLoop.class);
    // Events end it at once, so its length is only how often an idle consumer looks up.
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSED_POLL = Duration.ofMillis(100);
    // What is uncommitted at a crash comes again and is recognised; each commit costs the broker a write.
    private static final long COMMIT_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int MOST_UNFINISHED = 2_000;
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final EventConsumer consumer;
    private final KafkaSettings settings;
    private final EventCodec codec;
    private final DeadLetters deadLetters;
    private final EventHandling handling;
    private final Executor executor;
    private volatile boolean stopping;
    private volatile KafkaConsumer<String, byte[]> kafka;

    GroupLoop(
            EventConsumer consumer,
            KafkaSettings settings,
            EventCodec codec,
            DeadLetters deadLetters,
            dev.parley.platform.data.Database database,
            Executor executor) {
        this.consumer = consumer;
        this.settings = settings;
        this.codec = codec;
        this.deadLetters = deadLetters;
        this.executor = executor;
        this.handling = new EventHandling(consumer, codec, database, deadLetters, () -> stopping);
    }

    /** Asks the loop to finish what it has and end. */
    void stop() {
        stopping = true;
        KafkaConsumer<String, byte[]> current = kafka;
        if (current != null) {
            current.wakeup();
        }
    }

    @Override
    public void run() {
        while (!stopping) {
            KeyedWork work = new KeyedWork(executor, handling::handle, takesWholeTenants());
            try (KafkaConsumer<String, byte[]> opened = new KafkaConsumer<>(settings.consumer(consumer.group()))) {
                kafka = opened;
                opened.subscribe(consumer.topics(), new Handover(opened, work));
                readUntilStopped(opened, work);
                work.awaitIdle(DRAIN_NANOS);
                commit(opened, work);
            } catch (WakeupException woken) {
                LOG.debugf("%s stops", consumer.group());
            } catch (KafkaException failure) {
                LOG.warnf("%s lost Kafka (%s) and connects again", consumer.group(), failure.getMessage());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private boolean takesWholeTenants() {
        return switch (consumer) {
            case TransactionalEventConsumer transactional ->
                transactional.gathered().isPositive();
            case FlowEventConsumer flow -> flow.together();
            case BroadcastEventConsumer broadcast -> false;
        };
    }

    private void readUntilStopped(KafkaConsumer<String, byte[]> opened, KeyedWork work) {
        long committedAt = System.nanoTime();
        while (!stopping) {
            try {
                ConsumerRecords<String, byte[]> messages =
                        opened.poll(opened.paused().isEmpty() ? POLL : PAUSED_POLL);
                long before = work.submitted();
                messages.forEach(message -> accept(message, work));
                if (!messages.isEmpty() && messages.count() < KafkaSettings.MOST_POLLED) {
                    KafkaSettings.pause(consumer.gathered(), work.submitted() == before);
                }
            } catch (WakeupException woken) {
                return;
            }
            if (work.unfinished() > MOST_UNFINISHED) {
                opened.pause(opened.assignment());
            } else {
                opened.resume(opened.paused());
            }
            if (System.nanoTime() - committedAt < COMMIT_NANOS) {
                continue;
            }
            committedAt = System.nanoTime();
            Map<TopicPartition, OffsetAndMetadata> done = work.committable();
            if (!done.isEmpty()) {
                opened.commitAsync(done, (offsets, failure) -> {
                    if (failure != null) {
                        LOG.debugf("commit of %s failed: %s", consumer.group(), failure.getMessage());
                    }
                });
            }
        }
    }

    private void accept(ConsumerRecord<String, byte[]> message, KeyedWork work) {
        TopicPartition partition = new TopicPartition(message.topic(), message.partition());
        if (codec.isOfOtherTypes(message, consumer.types())) {
            work.skip(partition, message.offset());
            return;
        }
        ReceivedEvent event;
        try {
            event = codec.decode(message);
        } catch (RuntimeException malformed) {
            LOG.errorf(
                    "malformed event at %s/%d goes to the dead-letter topic of %s: %s",
                    partition, message.offset(), consumer.group(), malformed.getMessage());
            putAside(message, malformed);
            work.skip(partition, message.offset());
            return;
        }
        work.submit(new Delivery(message, event));
    }

    private void putAside(ConsumerRecord<String, byte[]> message, RuntimeException reason) {
        try {
            deadLetters.put(message, consumer.group(), reason);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new WakeupException();
        } catch (Exception unreachable) {
            throw new KafkaException("the dead-letter topic is not reachable", unreachable);
        }
    }

    private static void commit(KafkaConsumer<String, byte[]> opened, KeyedWork work) {
        Map<TopicPartition, OffsetAndMetadata> done = work.committable();
        if (!done.isEmpty()) {
            opened.commitSync(done, Duration.ofSeconds(3));
        }
    }

    /** Finishes and commits before another replica takes a partition over. */
    private record Handover(KafkaConsumer<String, byte[]> opened, KeyedWork work) implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            try {
                work.awaitIdle(DRAIN_NANOS);
                commit(opened, work);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            partitions.forEach(work::forget);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            partitions.forEach(work::forget);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
    }
}
