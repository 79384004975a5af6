package dev.parley.agent.providerkey;

/**
 * What came of trying a key.
 *
 * @param model that answered, or was asked
 * @param detail what is wrong; null where it works
 */
public record KeyTest(boolean ok, String provider, String model, String detail, long durationMs) {}
