package dev.parley.channel.adapter.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.adapter.SendOutcome.Refusal;
import dev.parley.channel.adapter.SendOutcome.Scope;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what the Graph API answers to a message, by its error codes as Meta recommends. */
final class WhatsAppOutcomes {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int NO_CODE = -1;
    /** Meta's words for "invalid request or possible server error" and the like: nothing says that it was not sent. */
    private static final Set<Integer> UNKNOWN = Set.of(1, 2);

    private final WhatsAppConfig config;

    WhatsAppOutcomes(WhatsAppConfig config) {
        this.config = config;
    }

    SendOutcome of(int status, JsonNode answer) {
        String id = answer.path("messages").path(0).path("id").asText("");
        if (status < 300 && !id.isEmpty()) {
            return new SendOutcome.Sent(id);
        }
        String reason = reason(status, answer);
        JsonNode error = answer.path("error");
        int code = error.path("code").canConvertToInt() ? error.path("code").asInt() : NO_CODE;
        Duration pause = pause(status, code);
        if (pause != null) {
            return new SendOutcome.Later(pause, reason, scope(status, code));
        }
        return status >= 400 && status < 500 && !UNKNOWN.contains(code) || refusal(code) != Refusal.OTHER
                ? new SendOutcome.Refused(refusal(code), reason)
                : new SendOutcome.Ambiguous(reason);
    }

    /** How long to wait when Meta says that the message was not taken, and may be later; null when it does not. */
    private @Nullable Duration pause(int status, int code) {
        return switch (code) {
            // This customer got too many messages from this number.
            case 131056 -> config.pairPause();
            // The number sends too fast; Meta's service is down, or does not know itself; a number being moved.
            case 130429, 131000, 131016, 131057, 133004 -> config.ratePause();
            // Limits of the app or the account by the hour; too many customers complain; registration attempts.
            case 4, 80007, 131048, 133016 -> config.limitPause();
            default -> status == TOO_MANY_REQUESTS ? config.ratePause() : null;
        };
    }

    /** Whether the number, the app or the account sent too much, and not only to this customer; trouble is nobody's. */
    private static Scope scope(int status, int code) {
        return switch (code) {
            case 4, 80007, 130429, 131048, 131057, 133016 -> Scope.ACCOUNT;
            case 131000, 131016, 131056, 133004 -> Scope.MESSAGE;
            default -> status == TOO_MANY_REQUESTS ? Scope.ACCOUNT : Scope.MESSAGE;
        };
    }

    static Refusal refusal(int code) {
        return switch (code) {
            case 131047 -> Refusal.WINDOW_CLOSED;
            case 131050 -> Refusal.OPTED_OUT;
            // token, permissions, a blocked account or number, an unpaid bill, a number that is not registered
            case 0, 3, 10, 190, 368, 131005, 131031, 131042, 133010 -> Refusal.ACCOUNT;
            default -> code >= 200 && code < 300 ? Refusal.ACCOUNT : Refusal.OTHER;
        };
    }

    /** Code and words, as in {@code 131047 Re-engagement message: More than 24 hours have passed …}. */
    static String reason(int status, JsonNode answer) {
        JsonNode error = answer.path("error");
        return error.isObject() ? reason(error) : "status " + status;
    }

    /** The same of one error of a webhook. */
    static String reason(JsonNode error) {
        String words = error.path("message").asText(error.path("title").asText("without a message"));
        String details = error.path("error_data").path("details").asText("");
        String reason = error.path("code").asText("?") + " " + words + (details.isEmpty() ? "" : ": " + details);
        return reason.length() > 1000 ? reason.substring(0, 1000) : reason;
    }
}
