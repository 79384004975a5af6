package dev.parley.platform.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.parley.platform.data.Database;
import dev.parley.platform.eventkey.EventKeys;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.KafkaBroker;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Consumers that run against the shared broker, and a look at what stands in its topics. */
public final class RunningConsumers {
    private final EventConsumers consumers;

    private RunningConsumers(EventConsumers consumers) {
        this.consumers = consumers;
    }

    public static RunningConsumers start(Database database, EventConsumer consumer) {
        return start(database, EventFixtures.codec(database), consumer);
    }

    public static RunningConsumers start(Database database, EventCodec codec, EventConsumer consumer) {
        EventConsumers consumers = EventFixtures.consumers(database, codec, consumer);
        consumers.start(null);
        return new RunningConsumers(consumers);
    }

    public void stop() throws InterruptedException {
        consumers.stop(null);
    }

    /** Sends an event past the outbox, with an id of choice. */
    public static void send(Database database, UUID id, TenantId tenant, DomainEvent event)
            throws JsonProcessingException {
        EventKeys keys = EventFixtures.keys(database);
        send(record(EventFixtures.codec(keys, PlainEvents.REFUSE), keys, id, tenant, event));
    }

    /** The record that the relay would send. */
    public static ProducerRecord<String, byte[]> record(
            EventCodec codec, EventKeys keys, UUID id, TenantId tenant, DomainEvent event)
            throws JsonProcessingException {
        return codec.encode(
                new EventCodec.Envelope(
                        id,
                        tenant.value(),
                        event.topic(),
                        event.key(),
                        event.type(),
                        event.subject(),
                        EventFixtures.mapper().writeValueAsString(event),
                        null,
                        null,
                        Instant.EPOCH),
                keys.of(tenant));
    }

    /** Sends a record as it is. */
    public static void send(ProducerRecord<String, byte[]> message) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", KafkaBroker.shared().bootstrap()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(message).get();
        } catch (InterruptedException | ExecutionException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** How many records a topic of one partition holds; 0 when it does not exist. */
    public static long count(String topic) {
        try (KafkaConsumer<String, byte[]> reader =
                new KafkaConsumer<>(EventFixtures.settings().consumer(null))) {
            if (!reader.listTopics().keySet().containsAll(Set.of(topic))) {
                return 0;
            }
            TopicPartition partition = new TopicPartition(topic, 0);
            return reader.endOffsets(List.of(partition)).get(partition);
        }
    }
}
