package dev.parley.simulators.exchange;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;

/** The last requests received, at most 20,000 and at most 16 MiB of them; can be switched off to leave only counters. */
public final class RequestLog {

    private static final int MOST_REQUESTS = 20_000;
    private static final int MOST_BYTES = 16 << 20;
    private static final int MOST_READ_BYTES = 4 << 20;
    private static final int MOST_BODY = 64 << 10;

    private final Clock clock;
    private final ArrayDeque<LoggedRequest> requests = new ArrayDeque<>();
    private long sequence;
    private long bytes;
    private boolean recording;

    /** A log that records from the start, or only once told to. */
    public RequestLog(Clock clock, boolean recording) {
        this.clock = clock;
        this.recording = recording;
    }

    /** Starts or stops recording; what was recorded stays. */
    public void record(boolean on) {
        recording = on;
    }

    /** Whether requests are being recorded. */
    public boolean isRecording() {
        return recording;
    }

    /** Forgets all requests; sequence numbers go on. */
    public void clear() {
        requests.clear();
        bytes = 0;
    }

    LoggedRequest add(Provider provider, String path, HttpServerRequest request, byte[] body) {
        if (!recording) {
            return null;
        }
        LoggedRequest logged = new LoggedRequest(
                ++sequence,
                clock.millis(),
                provider,
                request.method().name(),
                provider == Provider.TELEGRAM ? withoutToken(path) : path,
                request.query(),
                headersOf(request),
                body.length > MOST_BODY ? Arrays.copyOf(body, MOST_BODY) : body,
                body.length);
        requests.addLast(logged);
        bytes += logged.weight();
        while (requests.size() > MOST_REQUESTS || bytes > MOST_BYTES) {
            bytes -= requests.removeFirst().weight();
        }
        return logged;
    }

    /**
     * The requests after a sequence number or a moment, oldest first.
     *
     * @param provider one provider's only, or null for all
     * @param since a sequence number or an RFC 3339 time, both exclusive, or null for all
     * @param match only requests whose path or body holds this text, or null
     * @param limit how many at most; fewer when they are large, about 4 MiB
     * @return {@code items}, {@code last_seq} to pass as the next {@code since}, and whether there is {@code more}
     * @throws java.time.format.DateTimeParseException when {@code since} is neither a number nor a time
     */
    public Buffer read(Provider provider, String since, String match, int limit) {
        boolean bySequence = since == null || since.chars().allMatch(Character::isDigit);
        long afterSequence = since == null || since.isEmpty() ? 0 : bySequence ? Long.parseLong(since) : 0;
        long afterMillis = bySequence ? Long.MIN_VALUE : Instant.parse(since).toEpochMilli();
        Buffer out = Buffer.buffer("{\"items\":[");
        long last = afterSequence;
        int count = 0;
        boolean more = false;
        for (LoggedRequest logged : requests) {
            if (logged.sequence() <= afterSequence
                    || logged.at() <= afterMillis
                    || (provider != null && logged.provider() != provider)) {
                continue;
            }
            if (count == limit || out.length() > MOST_READ_BYTES) {
                more = true;
                break;
            }
            JsonObject json = logged.toJson();
            if (match != null
                    && !json.getString("path").contains(match)
                    && !json.getString("body").contains(match)) {
                continue;
            }
            if (count > 0) {
                out.appendString(",");
            }
            out.appendBuffer(json.toBuffer());
            last = logged.sequence();
            count++;
        }
        return out.appendString("],\"count\":" + count + ",\"last_seq\":" + last + ",\"more\":" + more + "}");
    }

    private static String headersOf(HttpServerRequest request) {
        StringBuilder text = new StringBuilder(320);
        for (Map.Entry<String, String> header : request.headers()) {
            String name = header.getKey();
            String value = header.getValue();
            text.append(name).append(": ");
            if (isSecret(name)) {
                text.append("…").append(value.substring(Math.max(0, value.length() - 4)));
            } else {
                text.append(value);
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** A bot's token stands in the path: keeps its id and its last four characters. */
    private static String withoutToken(String path) {
        int colon = path.indexOf(':');
        int end = path.indexOf('/', Math.max(0, colon));
        return colon < 0 || end < colon + 5 ? path : path.substring(0, colon + 1) + "…" + path.substring(end - 4);
    }

    private static boolean isSecret(String name) {
        return switch (name.length()) {
            case 6 -> name.equalsIgnoreCase("cookie");
            case 9 -> name.equalsIgnoreCase("x-api-key");
            case 13 -> name.equalsIgnoreCase("authorization");
            default -> false;
        };
    }
}
