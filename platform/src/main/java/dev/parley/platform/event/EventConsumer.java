package dev.parley.platform.event;

import java.time.Duration;
import java.util.Set;

/** Takes events of some types from some topics; implementations are CDI beans of one of the three kinds below it. */
public sealed interface EventConsumer permits TransactionalEventConsumer, FlowEventConsumer, BroadcastEventConsumer {
    /** The Kafka consumer group, {@code <service>.<purpose>}; also the name in the inbox and of the dead-letter topic. */
    String group();

    /** The topics to read. */
    Set<String> topics();

    /** The event types to handle; others are passed over. */
    Set<String> types();

    /**
     * How long events may wait for others, so that they are taken together: a fraction of the work, for what nobody waits
     * for.
     */
    default Duration gathered() {
        return Duration.ZERO;
    }
}
