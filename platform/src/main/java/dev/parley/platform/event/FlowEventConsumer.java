package dev.parley.platform.event;

/**
 * Reacts to events with remote calls, so without a transaction: it may see an event again and must recognise its own
 * work. Events with the same key come in order, those with other keys at the same time.
 */
public non-sealed interface FlowEventConsumer extends EventConsumer {
    /** Reacts to one event. After five failures the event goes to the dead-letter topic. */
    void handle(ReceivedEvent event);
}
