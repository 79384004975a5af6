package dev.parley.platform.event;

import dev.parley.platform.problem.CommonProblem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Reads what a compacted topic holds. Whoever may write to a topic can put an old record at its end again, so no place in
 * it says which event is the latest: the events must.
 */
@ApplicationScoped
public class KeptEvents {
    private static final Logger LOG = Logger.getLogger(KeptEvents.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaSettings settings;
    private final EventCodec codec;

    KeptEvents(KafkaSettings settings, EventCodec codec) {
        this.settings = settings;
        this.codec = codec;
    }

    /**
     * The events of these keys in the order of the topic, up to the moment of the call. Reads the topic whole, so it is for topics that
     * compaction keeps small. A 503 problem when Kafka does not answer. Never call it within a transaction.
     */
    public Map<String, List<ReceivedEvent>> of(String topic, Set<String> keys) {
        Map<String, Object> reading = settings.consumer(null);
        reading.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        reading.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        Map<String, List<ConsumerRecord<String, byte[]>>> found = new HashMap<>();
        try (KafkaConsumer<String, byte[]> kafka = new KafkaConsumer<>(reading)) {
            List<TopicPartition> partitions = kafka.partitionsFor(topic, PATIENCE).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = kafka.endOffsets(partitions, PATIENCE);
            kafka.assign(partitions);
            kafka.seekToBeginning(partitions);
            long giveUp = System.nanoTime() + PATIENCE.toNanos() * 4;
            while (partitions.stream().anyMatch(partition -> kafka.position(partition) < ends.get(partition))) {
                if (System.nanoTime() > giveUp) {
                    throw new TimeoutException(topic + " cannot be read to its end");
                }
                kafka.poll(POLL).forEach(message -> {
                    if (message.value() != null && keys.contains(message.key())) {
                        found.computeIfAbsent(message.key(), key -> new ArrayList<>())
                                .add(message);
                    }
                });
            }
        } catch (KafkaException failure) {
            throw CommonProblem.unavailable("Kafka", failure);
        }
        Map<String, List<ReceivedEvent>> events = new HashMap<>();
        found.forEach((key, messages) -> events.put(
                key,
                messages.stream().flatMap(message -> open(message).stream()).toList()));
        return events;
    }

    /** What cannot be opened was not written by us, and hides nothing that was. */
    private Optional<ReceivedEvent> open(ConsumerRecord<String, byte[]> message) {
        try {
            return codec.open(message, codec.decode(message));
        } catch (IllegalArgumentException forged) {
            LOG.warnf("a record of %s was not written by Parley: %s", message.topic(), forged.getMessage());
            return Optional.empty();
        }
    }
}
