package dev.parley.platform.event;

/** Sees every event from now on in every replica, for caches and screens; nothing is remembered or repeated. */
public non-sealed interface BroadcastEventConsumer extends EventConsumer {
    /** Reacts to one event, quickly and without throwing. */
    void handle(ReceivedEvent event);
}
