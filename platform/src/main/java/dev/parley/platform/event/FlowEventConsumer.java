package dev.parley.platform.event;

import java.util.List;

/**
 * Reacts to events with remote calls, so without a transaction: it may see an event again and must recognise its own
 * work. Events with the same key come in order, those with other keys at the same time.
 */
public non-sealed interface FlowEventConsumer extends EventConsumer {
    /** Reacts to one event. After five failures the event goes to the dead-letter topic. */
    void handle(ReceivedEvent event);

    /**
     * Whether a tenant's events are taken together whatever their keys, in the order in which they came. Only a consumer
     * that never waits for what one event needs may say so, as all others of the tenant wait with it.
     */
    default boolean together() {
        return false;
    }

    /**
     * Whether events of one key that wait at the same moment are taken together, in their order: for a consumer to which
     * an event says only where to look, so that one look is for all of them.
     */
    default boolean togetherByKey() {
        return false;
    }

    /**
     * Reacts to events of one tenant that are taken {@link #together}, or of one key that are taken {@link #togetherByKey};
     * when it fails they come one by one.
     */
    default void handleAll(List<ReceivedEvent> events) {
        events.forEach(this::handle);
    }
}
