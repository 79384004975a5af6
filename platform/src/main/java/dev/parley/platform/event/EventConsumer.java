package dev.parley.platform.event;

import dev.parley.platform.tenancy.TenantId;
import java.time.Duration;
import java.time.Instant;
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

    /**
     * Whether what happened then to that tenant may have any effect here; where it has none, events are not even opened.
     * Asked for each event, so it is mostly answered from memory.
     */
    default boolean concerns(TenantId tenant, Instant happened) {
        return true;
    }

    /**
     * Whether an event has any effect here. One that has none is passed over without a transaction or a line in the log;
     * asked before either, so it is answered from memory.
     */
    default boolean concerns(ReceivedEvent event) {
        return true;
    }
}
