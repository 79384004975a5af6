package dev.parley.channel.adapter;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A webhook call before anything parsed it.
 *
 * @param headers by lower-case name
 * @param body the raw bytes
 */
public record InboundCall(Map<String, String> headers, byte[] body) {
    /** A header's value, whatever the case of its name, or null. */
    public @Nullable String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }
}
