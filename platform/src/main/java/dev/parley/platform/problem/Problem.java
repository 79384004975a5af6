package dev.parley.platform.problem;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A failure that a client may see; becomes an {@code application/problem+json} answer (RFC 9457).
 *
 * <p>The detail and the members are shown to the client, so they never hold exception texts or internals.
 */
@JsonIgnoreProperties({"stackTrace", "cause", "suppressed", "localizedMessage"})
public final class Problem extends RuntimeException {
    private final transient ProblemType type;
    private final transient Map<String, Object> members = new LinkedHashMap<>();
    private final transient Map<String, String> headers = new LinkedHashMap<>();
    private @Nullable String detail;

    /** A problem of that type, without detail. */
    public Problem(ProblemType type) {
        this(type, null);
    }

    /** A problem of that type, which keeps its cause for the log. */
    public Problem(ProblemType type, @Nullable Throwable cause) {
        super(type.name(), cause, false, type.status() >= 500);
        this.type = type;
    }

    /** Sets the sentence that explains this occurrence to the client. */
    public Problem detail(String text) {
        this.detail = text;
        return this;
    }

    /** Adds an extension member. */
    public Problem with(String name, @Nullable Object value) {
        if (value != null) {
            members.put(name, value);
        }
        return this;
    }

    /** Adds a response header, such as {@code Retry-After}. */
    public Problem header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** What kind of failure this is. */
    public ProblemType type() {
        return type;
    }

    /** The sentence for the client, or null. */
    public @Nullable String detail() {
        return detail;
    }

    /** The extension members, in the order in which they were added. */
    public Map<String, Object> members() {
        return Collections.unmodifiableMap(members);
    }

    /** The response headers. */
    public Map<String, String> headers() {
        return Collections.unmodifiableMap(headers);
    }

    @Override
    public String getMessage() {
        return detail == null ? type.name() : type.name() + ": " + detail;
    }
}
