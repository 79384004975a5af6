package dev.parley.platform.event;

/** Sees every event from now on in every replica, for caches and screens; nothing is remembered or repeated. */
public non-sealed interface BroadcastEventConsumer extends EventConsumer {
    /** Reacts to one event, quickly and without throwing; but after a 503 problem the event comes again. */
    void handle(ReceivedEvent event);
}
