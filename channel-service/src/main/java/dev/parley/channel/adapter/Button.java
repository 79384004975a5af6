package dev.parley.channel.adapter;

/**
 * An answer that a customer can choose.
 *
 * @param payload what comes back when it is chosen; the customer does not see it
 * @param title what the customer sees
 */
public record Button(String payload, String title) {}
