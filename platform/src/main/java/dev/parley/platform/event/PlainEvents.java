package dev.parley.platform.event;

/** What becomes of events that are not sealed ({@code PARLEY_EVENTS_PLAIN}): the steps of an upgrade that is rolled out. */
public enum PlainEvents {
    /** They are sent, and both kinds are read: while some replica cannot read sealed events yet. */
    SEND,
    /** Sealed events are sent and both kinds are read: while plain events are still on their way. */
    ACCEPT,
    /** A plain event goes to the dead-letter topic. */
    REFUSE
}
