package dev.parley.channel.adapter;

/**
 * How far a message that the vendor took has come. Vendors leave steps out and tell them in any order: the furthest
 * counts, and a failure counts unless the message was delivered.
 */
public enum DeliveryStatus {
    /** The vendor passed it on. */
    SENT,
    /** The recipient's device has it. */
    DELIVERED,
    /** The recipient opened it. */
    READ,
    /** It will not arrive. */
    FAILED
}
