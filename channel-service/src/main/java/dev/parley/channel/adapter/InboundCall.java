package dev.parley.channel.adapter;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A webhook call before anything parsed it.
 *
 * @param method in upper case
 * @param path what follows the account's id in the address, without slashes; empty for nothing
 * @param url the whole public address as the vendor called it, from configuration and never from a header
 * @param query the address's parameters, decoded, in the order in which they came
 * @param headers by lower-case name
 * @param body the raw bytes
 */
public record InboundCall(
        String method,
        String path,
        String url,
        Map<String, List<String>> query,
        Map<String, String> headers,
        byte[] body) {
    /** A header's value, whatever the case of its name, or null. */
    public @Nullable String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /** The first value of a parameter of the address, or null. */
    public @Nullable String parameter(String name) {
        List<String> values = query.get(name);
        return values == null || values.isEmpty() ? null : values.getFirst();
    }
}
