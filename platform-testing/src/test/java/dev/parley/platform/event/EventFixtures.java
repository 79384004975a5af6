package dev.parley.platform.event;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.parley.platform.data.Database;
import dev.parley.platform.json.JsonConventions;
import dev.parley.testing.KafkaBroker;
import java.util.List;

/** The event machinery of a service called {@code test-service}, wired by hand. */
public final class EventFixtures {
    private EventFixtures() {}

    public static ObjectMapper mapper() {
        ObjectMapper mapper = new ObjectMapper().registerModule(new JavaTimeModule());
        new JsonConventions().customize(mapper);
        return mapper;
    }

    public static EventCodec codec() {
        return new EventCodec(mapper(), "test-service");
    }

    public static KafkaSettings settings() {
        return new KafkaSettings(KafkaBroker.shared().bootstrap(), "test-service");
    }

    public static EventConsumers consumers(Database database, EventConsumer... consumers) {
        return new EventConsumers(
                List.of(consumers),
                settings(),
                codec(),
                database,
                KafkaBroker.shared().bootstrap(),
                true);
    }
}
