package dev.parley.channel.stream;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a tenant's events: everything before it was told, nothing behind it was.
 *
 * @param xid the transaction
 * @param seq the event within it
 */
record StreamCursor(long xid, long seq) implements Comparable<StreamCursor> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,18})\\.(\\d{1,18})");

    /** The place that a client names, as it was told; empty when that is no place. */
    static Optional<StreamCursor> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new StreamCursor(Long.parseLong(form.group(1)), Long.parseLong(form.group(2))))
                : Optional.empty();
    }

    @Override
    public int compareTo(StreamCursor other) {
        return xid == other.xid ? Long.compare(seq, other.seq) : Long.compare(xid, other.xid);
    }

    @Override
    public String toString() {
        return xid + "." + seq;
    }
}
