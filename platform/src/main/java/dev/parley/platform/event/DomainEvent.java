package dev.parley.platform.event;

/**
 * A fact that other services may know. The implementing record is the payload; its accessors named below say how it
 * travels and are not part of the JSON.
 */
public interface DomainEvent {
    /** The CloudEvents type with its version, for example {@code billing.credits-granted.v1}. */
    String type();

    /** The Kafka topic. */
    String topic();

    /** The Kafka key: events with the same key keep their order. */
    String key();

    /** The id of the thing that the event is about. */
    String subject();
}
