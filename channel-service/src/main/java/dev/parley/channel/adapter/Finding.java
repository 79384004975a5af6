package dev.parley.channel.adapter;

import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at when somebody tested a channel.
 *
 * @param name what was looked at, such as {@code credentials} or {@code webhook}
 * @param detail what was found, without secrets
 * @param remedy what to do about it; null when it is well
 */
public record Finding(
        String name, boolean ok, String detail, @Nullable String remedy) {
    /** It is as it should be. */
    public static Finding ok(String name, String detail) {
        return new Finding(name, true, detail, null);
    }

    /** It is not as it should be. */
    public static Finding wrong(String name, String detail, String remedy) {
        return new Finding(name, false, detail, remedy);
    }
}
