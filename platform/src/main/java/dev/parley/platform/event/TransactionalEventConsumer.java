package dev.parley.platform.event;

import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Applies events inside a transaction of the event's tenant, together with the note that they were seen, so each
 * event has its effect once. Events with the same key come in order; waiting ones share a transaction, and where events
 * are {@link #gathered} so do those of all keys of a tenant, in the order in which they came.
 */
public non-sealed interface TransactionalEventConsumer extends EventConsumer {
    /**
     * Whether it is noted that an event was applied, so that one that comes again is passed over. Only a consumer whose
     * effect is the same however often it is applied may do without.
     */
    default boolean noted() {
        return true;
    }

    /** Applies one event. An exception rolls back; after five tries the event goes to the dead-letter topic. */
    void handle(Handle handle, ReceivedEvent event);

    /**
     * Applies new events of one tenant, in order, and of one key unless they are {@link #gathered}; override it to write
     * them in one statement.
     */
    default void handleAll(Handle handle, List<ReceivedEvent> events) {
        events.forEach(event -> handle(handle, event));
    }
}
