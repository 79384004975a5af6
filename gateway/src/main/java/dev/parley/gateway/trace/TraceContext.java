package dev.parley.gateway.trace;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The W3C trace context of one request, as this gateway hands it on.
 *
 * @param traceId 32 lower-case hex digits, not all zero
 * @param spanId 16 lower-case hex digits of the gateway's own span
 * @param parentSpanId the caller's span, or null when the trace starts here
 * @param sampled whether the services should record it
 */
public record TraceContext(String traceId, String spanId, String parentSpanId, boolean sampled) {

    private static final HexFormat HEX = HexFormat.of();
    private static final int VERSION_00_LENGTH = 55;
    private static final String NO_TRACE = "0".repeat(32);
    private static final String NO_SPAN = "0".repeat(16);

    /** Starts a new trace with random ids. */
    static TraceContext start(boolean sampled) {
        var random = ThreadLocalRandom.current();
        return new TraceContext(
                HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(nonZero(random)),
                HEX.toHexDigits(nonZero(random)),
                null,
                sampled);
    }

    /** Continues the trace of a {@code traceparent} header; null when the header is absent or not valid. */
    static TraceContext continued(String traceparent) {
        if (traceparent == null || !wellFormed(traceparent)) {
            return null;
        }
        String trace = traceparent.substring(3, 35);
        String parent = traceparent.substring(36, 52);
        if (trace.equals(NO_TRACE) || parent.equals(NO_SPAN)) {
            return null;
        }
        boolean sampled = (Character.digit(traceparent.charAt(54), 16) & 1) == 1;
        return new TraceContext(trace, HEX.toHexDigits(nonZero(ThreadLocalRandom.current())), parent, sampled);
    }

    /** The value of the {@code traceparent} header for the service behind. */
    public String traceparent() {
        return "00-" + traceId + "-" + spanId + (sampled ? "-01" : "-00");
    }

    private static boolean wellFormed(String value) {
        if (value.length() < VERSION_00_LENGTH
                || !lowerHex(value, 0, 2)
                || value.charAt(2) != '-'
                || !lowerHex(value, 3, 35)
                || value.charAt(35) != '-'
                || !lowerHex(value, 36, 52)
                || value.charAt(52) != '-'
                || !lowerHex(value, 53, 55)) {
            return false;
        }
        if (value.startsWith("ff")) {
            return false;
        }
        if (value.startsWith("00")) {
            return value.length() == VERSION_00_LENGTH;
        }
        return value.length() == VERSION_00_LENGTH || value.charAt(VERSION_00_LENGTH) == '-';
    }

    private static boolean lowerHex(String value, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = value.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
                return false;
            }
        }
        return true;
    }

    private static long nonZero(ThreadLocalRandom random) {
        long value = random.nextLong();
        return value == 0 ? 1 : value;
    }
}
