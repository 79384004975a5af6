package dev.parley.simulators.exchange;

import io.vertx.core.json.JsonObject;
import java.util.Set;

/**
 * One way a vendor misbehaves. A fault applies to the requests it matches until its {@code times} are used up.
 *
 * <p>{@code after} decides whether the request takes effect before it fails, as when a vendor commits and the answer is
 * lost.
 */
public final class Fault {

    /** How a cut stream ends: quietly, with a closed connection, or with the vendor's error frame. */
    public enum Cut {
        /** The answer ends as if it were whole, without finish reason or last frame. */
        END,
        /** The connection closes in the middle of the answer. */
        RESET,
        /** An error frame, then the end. */
        ERROR
    }

    private static final Set<String> MEMBERS = Set.of(
            "delay_ms",
            "status",
            "retry_after",
            "message",
            "cut_after_tokens",
            "cut",
            "token_delay_ms",
            "hang",
            "reset",
            "malformed",
            "after",
            "times",
            "match",
            "path");

    private final JsonObject source;
    private final long delayMillis;
    private final int status;
    private final long tokenDelayMillis;
    private final int cutAfterTokens;
    private final Cut cut;
    private final boolean hang;
    private final boolean reset;
    private final boolean malformed;
    private final boolean after;
    private final String match;
    private final String path;
    private int left;

    /**
     * Reads a fault as the control plane takes it.
     *
     * @throws IllegalArgumentException naming the member that is unknown or out of range
     */
    public Fault(JsonObject source) {
        for (String member : source.fieldNames()) {
            if (!MEMBERS.contains(member)) {
                throw new IllegalArgumentException("unknown member " + member + ", known are " + MEMBERS);
            }
        }
        this.source = source;
        try {
            delayMillis = source.getLong("delay_ms", 0L);
            status = source.getInteger("status", 0);
            tokenDelayMillis = source.getLong("token_delay_ms", 0L);
            cutAfterTokens = source.getInteger("cut_after_tokens", -1);
            cut = Cut.valueOf(source.getString("cut", "end").toUpperCase(java.util.Locale.ROOT));
            hang = source.getBoolean("hang", false);
            reset = source.getBoolean("reset", false);
            malformed = source.getBoolean("malformed", false);
            after = source.getBoolean("after", false);
            match = source.getString("match");
            path = source.getString("path");
            left = source.getInteger("times", Integer.MAX_VALUE);
        } catch (ClassCastException wrongType) {
            throw new IllegalArgumentException("a member has the wrong type: " + wrongType.getMessage(), wrongType);
        }
        if (status != 0 && (status < 200 || status > 599)) {
            throw new IllegalArgumentException("status must be 200 to 599, not " + status);
        }
        if (delayMillis < 0 || tokenDelayMillis < 0 || left < 1) {
            throw new IllegalArgumentException("delays must not be negative, and times at least 1");
        }
    }

    /** Whether this fault wants the request; counts one of its times if so. */
    boolean take(String requestPath, String query, byte[] body) {
        if (left == 0 || (path != null && !requestPath.contains(path))) {
            return false;
        }
        if (match != null
                && !new String(body, java.nio.charset.StandardCharsets.UTF_8).contains(match)
                && (query == null || !query.contains(match))) {
            return false;
        }
        if (left != Integer.MAX_VALUE) {
            left--;
        }
        return true;
    }

    boolean isSpent() {
        return left == 0;
    }

    JsonObject toJson() {
        JsonObject json = source.copy();
        if (left != Integer.MAX_VALUE) {
            json.put("times", left);
        }
        return json;
    }

    /** Milliseconds to wait. */
    long delayMillis() {
        return delayMillis;
    }

    /** Whether the vendor's real answer is never sent. */
    boolean replacesAnswer() {
        return hang || reset || status != 0;
    }

    boolean hangs() {
        return hang;
    }

    boolean resets() {
        return reset;
    }

    boolean isAfterEffect() {
        return after;
    }

    /** The status to answer instead, or 0. */
    public int status() {
        return status;
    }

    /** Seconds for Retry-After, or null. */
    public Integer retryAfter() {
        return source.getInteger("retry_after");
    }

    /** The error text to answer, or the given one. */
    public String message(String otherwise) {
        return source.getString("message", otherwise);
    }

    /** Milliseconds between the tokens of a stream. */
    public long tokenDelayMillis() {
        return tokenDelayMillis;
    }

    /** After how many tokens an LLM's answer is cut, or -1 for never. */
    public int cutAfterTokens() {
        return cutAfterTokens;
    }

    /** How a cut answer ends. */
    public Cut cut() {
        return cut;
    }

    /** Whether the answer is broken JSON. */
    public boolean isMalformed() {
        return malformed;
    }

    @Override
    public String toString() {
        return source.encode();
    }
}
