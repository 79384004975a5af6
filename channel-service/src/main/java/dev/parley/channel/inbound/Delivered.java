package dev.parley.channel.inbound;

import dev.parley.channel.adapter.InboundCall;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A webhook call as it came to our own address.
 *
 * @param path what follows the account, without a slash; empty for nothing
 * @param rawQuery as it was written; null without one
 * @param body as it comes
 */
record Delivered(
        String method,
        String path,
        @Nullable String rawQuery,
        Map<String, List<String>> query,
        Map<String, String> headers,
        InputStream body) {
    /**
     * The same as the vendor called it, at the public address of the account.
     *
     * @param read the body
     */
    InboundCall at(String webhookUrl, byte[] read) {
        String url = webhookUrl + (path.isEmpty() ? "" : "/" + path) + (rawQuery == null ? "" : "?" + rawQuery);
        return new InboundCall(method, path, url, query, headers, read);
    }
}
