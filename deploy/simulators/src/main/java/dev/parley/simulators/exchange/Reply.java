package dev.parley.simulators.exchange;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** A whole answer: status, headers (names and values in turn) and body. */
public record Reply(int status, List<CharSequence> headers, Buffer body) {

    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

    /** A JSON answer. */
    public static Reply json(int status, JsonObject body) {
        return json(status, body.toBuffer());
    }

    /** A JSON answer from text that is JSON already. */
    public static Reply json(int status, Buffer body) {
        return new Reply(status, List.of(HttpHeaders.CONTENT_TYPE, JSON), body);
    }

    /** A page for people. */
    public static Reply html(int status, String body) {
        return new Reply(
                status,
                List.of(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8", HttpHeaders.CACHE_CONTROL, "no-store"),
                Buffer.buffer(body));
    }

    /** A redirect of a browser to another page, as GET. */
    public static Reply seeOther(String location) {
        return new Reply(303, List.of(HttpHeaders.LOCATION, location), Buffer.buffer());
    }

    /** An answer without a body. */
    public static Reply empty(int status) {
        return new Reply(status, List.of(), Buffer.buffer());
    }

    /** The same answer with one more header. */
    public Reply with(CharSequence name, CharSequence value) {
        List<CharSequence> more = new ArrayList<>(headers);
        more.add(name);
        more.add(value);
        return new Reply(status, more, body);
    }
}
