package dev.parley.agent.provider.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/** What a provider calls its error. The rest of what it says may repeat keys and texts, and is told to nobody. */
final class ErrorCode {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> NAMES = List.of("code", "type", "status");
    private static final Pattern WORD = Pattern.compile("[a-zA-Z][a-zA-Z0-9_.-]{0,59}");

    private ErrorCode() {}

    /** Fit for a log; "without a code" when there is none. */
    static String of(Buffer body) {
        try {
            JsonNode error = JSON.readTree(body.getBytes()).path("error");
            for (String name : NAMES) {
                String word = error.path(name).asText("");
                if (WORD.matcher(word).matches()) {
                    return word;
                }
            }
        } catch (IOException unreadable) {
            // said below
        }
        return "without a code";
    }
}
