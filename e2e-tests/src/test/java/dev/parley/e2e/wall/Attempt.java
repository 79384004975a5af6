package dev.parley.e2e.wall;

import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.wall.Rules.Call;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * One request of an attack.
 *
 * @param body what is sent: bytes as they are, anything else as JSON, or null
 */
record Attempt(Call call, String path, Map<String, String> headers, Object body) {
    Attempt(Call call, String path, Object body) {
        this(call, path, Map.of(), body);
    }

    Seen send() {
        Api api = call.caller().api();
        for (Map.Entry<String, String> header : headers.entrySet()) {
            api = api.with(header.getKey(), header.getValue());
        }
        long begun = System.nanoTime();
        Answer answer = body instanceof byte[] bytes
                ? api.raw(call.operation().method(), path, bytes, "text/plain")
                : api.call(call.operation().method(), path, body);
        return new Seen(this, answer, System.nanoTime() - begun);
    }

    /** Everything of this request that the answer may repeat. */
    String sent() {
        Object text = body instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : body;
        return path + " " + headers + " " + text;
    }

    /** What came back, and how long it took. */
    record Seen(Attempt attempt, Answer answer, long nanos) {
        /** Status, headers and body, as a stranger reads them. */
        String everything() {
            return answer.status() + "\n" + answer.response().headers().map() + "\n" + answer.raw();
        }

        /** The same without what differs between any two answers. */
        String shape() {
            var headers = new java.util.TreeMap<>(answer.response().headers().map());
            headers.keySet()
                    .removeIf(name -> name.matches("(?i)date|ratelimit.*|x-request-id|x-operation-id|traceparent"));
            return answer.status() + "\n" + headers + "\n" + Volatile.withoutIds(answer.raw());
        }
    }
}
