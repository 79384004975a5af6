package dev.parley.simulators.exchange;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** A request as it was received, kept small: headers as one text with secrets masked, the body's first 64 KiB. */
final class LoggedRequest {

    private static final int OVERHEAD = 160;

    private final long sequence;
    private final long at;
    private final Provider provider;
    private final String method;
    private final String path;
    private final String query;
    private final String headers;
    private final byte[] body;
    private final int bodySize;
    private int status;
    private String fault;

    LoggedRequest(
            long sequence,
            long at,
            Provider provider,
            String method,
            String path,
            String query,
            String headers,
            byte[] body,
            int bodySize) {
        this.sequence = sequence;
        this.at = at;
        this.provider = provider;
        this.method = method;
        this.path = path;
        this.query = query;
        this.headers = headers;
        this.body = body;
        this.bodySize = bodySize;
    }

    long sequence() {
        return sequence;
    }

    long at() {
        return at;
    }

    Provider provider() {
        return provider;
    }

    int weight() {
        return OVERHEAD + path.length() + headers.length() + body.length;
    }

    void answered(int answeredStatus) {
        status = answeredStatus;
    }

    void faulted(Fault applied) {
        fault = applied.toString();
    }

    JsonObject toJson() {
        JsonObject headerMembers = new JsonObject();
        for (String line : headers.split("\n")) {
            int colon = line.indexOf(": ");
            if (colon > 0) {
                headerMembers.put(line.substring(0, colon), line.substring(colon + 2));
            }
        }
        JsonObject json = new JsonObject()
                .put("seq", sequence)
                .put("at", Instant.ofEpochMilli(at).toString())
                .put("provider", provider.label())
                .put("method", method)
                .put("path", path)
                .put("query", query)
                .put("headers", headerMembers)
                .put("body", new String(body, StandardCharsets.UTF_8))
                .put("body_size", bodySize)
                .put("status", status == 0 ? null : status);
        if (fault != null) {
            json.put("fault", new JsonObject(fault));
        }
        return json;
    }
}
