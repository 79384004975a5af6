package dev.parley.platform.event;

import dev.parley.platform.problem.Problem;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/** Reads every partition of a broadcast consumer's topics from now on. */
final class BroadcastLoop implements Runnable {
    private static final Logger LOG = Logger.getLogger(BroadcastLoop.class);
    private static final Duration POLL = Duration.ofSeconds(1);
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
                List<TopicPartition> partitions = consumer.topics().stream()
                        .flatMap(topic -> opened.partitionsFor(topic).stream())
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
                opened.assign(partitions);
                opened.seekToEnd(partitions);
                partitions.forEach(opened::position);
                while (!stopping) {
                    ConsumerRecords<String, byte[]> messages = opened.poll(POLL);
                    long before = taken;
                    messages.forEach(this::accept);
                    if (!messages.isEmpty()) {
                        KafkaSettings.pause(consumer.gathered(), taken == before);
                    }
                }
            } catch (WakeupException woken) {
                LOG.debugf("%s stops", consumer.group());
            } catch (KafkaException failure) {
                LOG.warnf("%s lost Kafka (%s) and connects again", consumer.group(), failure.getMessage());
            }
        }
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
        } catch (RuntimeException failure) {
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
