package dev.parley.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.data.Database;
import dev.parley.platform.event.EventCodec;
import dev.parley.platform.event.EventConsumer;
import dev.parley.platform.event.PlainEvents;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.eventkey.EventKeys;
import dev.parley.platform.tenancy.TenantId;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Hands events to a consumer as platform's own loop does (key, inbox, transaction of the effect), but without a broker
 * and only once: whether and when an event comes again is the test's to say. The loop's parts are hidden, so they are
 * reached by reflection.
 */
public final class EventDelivery {
    private final EventCodec codec;
    private final Database database;

    public EventDelivery(EventCodec codec, Database database) {
        this.codec = codec;
        this.database = database;
    }

    /** The codec of a service that is wired by hand. */
    public static EventCodec codec(ObjectMapper mapper, String service, EventKeys keys) {
        try {
            Constructor<EventCodec> made = EventCodec.class.getDeclaredConstructor(
                    ObjectMapper.class, String.class, EventKeys.class, PlainEvents.class);
            made.setAccessible(true);
            return made.newInstance(mapper, service, keys, PlainEvents.REFUSE);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A sealed record as it lies in its topic; the same id is the same event. */
    public static ConsumerRecord<String, byte[]> message(
            UUID id, String topic, String type, TenantId tenant, String payload) {
        ProducerRecord<String, byte[]> plain =
                new ProducerRecord<>(topic, tenant.toString(), payload.getBytes(StandardCharsets.UTF_8));
        Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", id.toString(),
                        "ce_type", type,
                        "ce_source", "/test",
                        "ce_subject", tenant.toString(),
                        "ce_time", Instant.now().toString(),
                        "ce_tenantid", tenant.toString())
                .forEach((name, value) -> plain.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        ProducerRecord<String, byte[]> sealed = SealedEvents.sealed(plain);
        ConsumerRecord<String, byte[]> message = new ConsumerRecord<>(topic, 0, 0, sealed.key(), sealed.value());
        sealed.headers().forEach(message.headers()::add);
        return message;
    }

    /** Delivers records of one tenant in their order, together, as those that waited for each other are. */
    @SafeVarargs
    public final void deliver(EventConsumer consumer, ConsumerRecord<String, byte[]>... messages) {
        try {
            Class<?> handling = Class.forName("dev.parley.platform.event.EventHandling", true, loader());
            Constructor<?> made = handling.getDeclaredConstructor(
                    EventConsumer.class,
                    EventCodec.class,
                    Database.class,
                    Class.forName("dev.parley.platform.event.DeadLetters", true, loader()),
                    BooleanSupplier.class);
            made.setAccessible(true);
            BooleanSupplier never = () -> false;
            Method deliver = handling.getDeclaredMethod("deliver", List.class);
            deliver.setAccessible(true);
            deliver.invoke(made.newInstance(consumer, codec, database, null, never), deliveries(messages));
        } catch (InvocationTargetException failure) {
            throw thrown(failure.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Object> deliveries(ConsumerRecord<String, byte[]>[] messages) throws ReflectiveOperationException {
        Constructor<?> made = Class.forName("dev.parley.platform.event.KeyedWork$Delivery", true, loader())
                .getDeclaredConstructor(ConsumerRecord.class, ReceivedEvent.class);
        made.setAccessible(true);
        Method decode = EventCodec.class.getDeclaredMethod("decode", ConsumerRecord.class);
        decode.setAccessible(true);
        List<Object> deliveries = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> message : messages) {
            deliveries.add(made.newInstance(message, decode.invoke(codec, message)));
        }
        return deliveries;
    }

    private static ClassLoader loader() {
        return EventCodec.class.getClassLoader();
    }

    private static RuntimeException thrown(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause);
    }
}
