package dev.parley.channel.adapter.whatsapp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.adapter.SendOutcome.Refusal;
import java.time.Duration;

/** Reads what the Graph API answers to a message, by its error codes as Meta recommends. */
final class WhatsAppOutcomes {
    private static final int TOO_MANY_REQUESTS = 429;

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
        if (!error.path("code").canConvertToInt()) {
            if (status == TOO_MANY_REQUESTS) {
                return new SendOutcome.Later(config.ratePause(), reason);
            }
            return status >= 400 && status < 500 ? new SendOutcome.Refused(reason) : new SendOutcome.Ambiguous(reason);
        }
        int code = error.path("code").asInt();
        Duration pause = pause(status, code);
        return pause == null ? new SendOutcome.Refused(refusal(code), reason) : new SendOutcome.Later(pause, reason);
    }

    /** How long to wait before the same message is worth another try; null when it never will be. */
    private Duration pause(int status, int code) {
        return switch (code) {
            // This customer got too many messages from this number.
            case 131056 -> config.pairPause();
            // Limits of the app, the account, the number; spam; registration attempts.
            case 4, 80007, 130429, 131048, 133016 -> config.ratePause();
            // Meta's own trouble, or maintenance of the account: it was certainly not taken.
            case 1, 2, 131000, 131016, 131057, 133004 -> config.ratePause();
            default ->
                status == TOO_MANY_REQUESTS || status >= 500 && refusal(code) == Refusal.OTHER
                        ? config.ratePause()
                        : null;
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
