package dev.parley.platform.event;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;

/** Puts events that cannot be handled aside, in {@code <topic>.<consumer>.dlq}, with the reason. */
final class DeadLetters {
    private final KafkaProducer<String, byte[]> producer;
    private final String bootstrap;

    DeadLetters(KafkaProducer<String, byte[]> producer, String bootstrap) {
        this.producer = producer;
        this.bootstrap = bootstrap;
    }

    /** Sends the record to the dead-letter topic and returns when Kafka has it. */
    void put(ConsumerRecord<String, byte[]> message, String consumer, Throwable reason)
            throws InterruptedException, ExecutionException, TimeoutException {
        String topic = message.topic() + "." + consumer + ".dlq";
        create(topic);
        ProducerRecord<String, byte[]> copy = new ProducerRecord<>(topic, null, message.key(), message.value());
        message.headers().forEach(copy.headers()::add);
        copy.headers().add("dlq_reason", kind(reason).getBytes(StandardCharsets.UTF_8));
        copy.headers()
                .add(
                        "dlq_origin",
                        (message.topic() + "/" + message.partition() + "/" + message.offset())
                                .getBytes(StandardCharsets.UTF_8));
        producer.send(copy).get(10, TimeUnit.SECONDS);
    }

    /** The classes of a failure: its texts may hold what the event holds, which outlives the tenant here. */
    private static String kind(Throwable reason) {
        StringBuilder kinds = new StringBuilder(reason.getClass().getName());
        for (Throwable cause = reason.getCause(); cause != null; cause = cause.getCause()) {
            kinds.append(" by ").append(cause.getClass().getName());
            if (cause instanceof SQLException sql) {
                kinds.append(" ").append(sql.getSQLState());
            }
        }
        return kinds.toString();
    }

    private void create(String topic) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap))) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        } catch (ExecutionException failure) {
            if (!(failure.getCause() instanceof TopicExistsException)) {
                throw failure;
            }
        }
    }
}
