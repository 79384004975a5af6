package dev.parley.channel.stream;

import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in a tenant's events: everything before it was told, nothing behind it was.
 *
 * @param xid the transaction
 * @param seq the event within it
 * @param at when it was, to know whether what came behind it is still remembered
 */
record StreamCursor(long xid, long seq, Instant at) implements Comparable<StreamCursor> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,18})\\.(\\d{1,18})\\.(\\d{1,13})");

    /** The place that a client names, as it was told; null when it names none. */
    static @Nullable StreamCursor parse(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new Problem(CommonProblem.BAD_REQUEST).detail("the cursor is not valid");
        }
        return new StreamCursor(
                Long.parseLong(form.group(1)),
                Long.parseLong(form.group(2)),
                Instant.ofEpochMilli(Long.parseLong(form.group(3))));
    }

    @Override
    public int compareTo(StreamCursor other) {
        return xid == other.xid ? Long.compare(seq, other.seq) : Long.compare(xid, other.xid);
    }

    @Override
    public String toString() {
        return xid + "." + seq + "." + at.toEpochMilli();
    }
}
