package dev.parley.platform.event;

import dev.parley.platform.problem.Problem;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * Reads every partition of a broadcast consumer's topics from now on; a topic that does not exist yet is read as
 * soon as it does, from the same moment on.
 */
final class BroadcastLoop implements Runnable {
    private static final Logger LOG = Logger.getLogger(BroadcastLoop.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration CLOCKS_APART = Duration.ofMinutes(1);
    private static final Duration AGAIN = Duration.ofMillis(250);
    private static final int UNAVAILABLE = 503;

    private final BroadcastEventConsumer consumer;
    private final KafkaSettings settings;
    private final EventCodec codec;
    private volatile boolean stopping;
    private volatile KafkaConsumer<String, byte[]> kafka;
    private long taken;

    BroadcastLoop(BroadcastEventConsumer consumer, KafkaSettings settings, EventCodec codec) {
        this.consumer = consumer;
        this.settings = settings;
        this.codec = codec;
    }

    /** Asks the loop to end. */
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
            try (KafkaConsumer<String, byte[]> opened = new KafkaConsumer<>(settings.consumer(null))) {
                kafka = opened;
                readUntilStopped(opened);
            } catch (WakeupException woken) {
                LOG.debugf("%s stops", consumer.group());
            } catch (KafkaException failure) {
                LOG.warnf("%s lost Kafka (%s) and connects again", consumer.group(), failure.getMessage());
                LockSupport.parkNanos(AGAIN.toNanos());
            } catch (RuntimeException failure) {
                LOG.errorf(failure, "%s cannot read and connects again", consumer.group());
                LockSupport.parkNanos(AGAIN.toNanos());
            }
        }
    }

    private void readUntilStopped(KafkaConsumer<String, byte[]> opened) {
        long began = System.currentTimeMillis() - CLOCKS_APART.toMillis();
        Set<String> missing = follow(opened, consumer.topics());
        opened.seekToEnd(opened.assignment());
        opened.assignment().forEach(opened::position);
        long lookAt = System.nanoTime() + POLL.toNanos();
        while (!stopping) {
            if (!missing.isEmpty() && System.nanoTime() - lookAt >= 0) {
                missing = add(opened, missing, began);
                lookAt = System.nanoTime() + POLL.toNanos();
            }
            if (opened.assignment().isEmpty()) {
                LockSupport.parkNanos(AGAIN.toNanos());
            } else {
                read(opened);
            }
        }
    }

    /** A topic that was missing is new, or Kafka did not know of it for a moment: what came since this began is read. */
    private Set<String> add(KafkaConsumer<String, byte[]> opened, Set<String> missing, long began) {
        Set<TopicPartition> before = Set.copyOf(opened.assignment());
        Set<String> still = follow(opened, missing);
        Set<TopicPartition> added = new HashSet<>(opened.assignment());
        added.removeAll(before);
        // In this order: what comes between the two looks is found by its time.
        Map<TopicPartition, Long> ends = opened.endOffsets(added);
        Map<TopicPartition, Long> times = added.stream().collect(Collectors.toMap(each -> each, each -> began));
        opened.offsetsForTimes(times)
                .forEach((partition, first) ->
                        opened.seek(partition, first == null ? ends.get(partition) : first.offset()));
        return still;
    }

    private void read(KafkaConsumer<String, byte[]> opened) {
        ConsumerRecords<String, byte[]> messages = opened.poll(POLL);
        long before = taken;
        messages.forEach(this::accept);
        if (!messages.isEmpty()) {
            KafkaSettings.pause(consumer.gathered(), taken == before);
        }
    }

    /** Reads the partitions of those topics too, beside what is read already, and says which topics have none yet. */
    private Set<String> follow(KafkaConsumer<String, byte[]> opened, Set<String> topics) {
        Set<TopicPartition> partitions = new HashSet<>(opened.assignment());
        Set<String> missing = new HashSet<>();
        for (String topic : topics) {
            List<PartitionInfo> present = opened.partitionsFor(topic);
            present.forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
            if (present.isEmpty()) {
                missing.add(topic);
            }
        }
        opened.assign(partitions);
        return missing;
    }

    private void accept(ConsumerRecord<String, byte[]> message) {
        try {
            if (codec.isOfOtherTypes(message, consumer.types())) {
                return;
            }
            ReceivedEvent event = codec.decode(message);
            if (consumer.concerns(event.tenant(), event.time())) {
                take(message, event);
            }
        } catch (Throwable failure) {
            LOG.warnf(failure, "%s passed over an event", consumer.group());
        }
    }

    /** Waits for a part that cannot be reached now: what ends an access must not be passed over. */
    private void take(ConsumerRecord<String, byte[]> message, ReceivedEvent event) {
        taken++;
        while (true) {
            try {
                codec.open(message, event).filter(consumer::concerns).ifPresent(consumer::handle);
                return;
            } catch (Problem unavailable) {
                if (stopping || unavailable.type().status() != UNAVAILABLE) {
                    throw unavailable;
                }
                LockSupport.parkNanos(AGAIN.toNanos());
            }
        }
    }
}
