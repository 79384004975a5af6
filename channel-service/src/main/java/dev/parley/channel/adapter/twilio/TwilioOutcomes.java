package dev.parley.channel.adapter.twilio;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.adapter.SendOutcome.Refusal;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads what Twilio answers to a message, and finds a message among those that it lists. */
final class TwilioOutcomes {
    static final int PAGE = 100;
    private static final int TOO_MANY_REQUESTS = 429;
    /** The sender's queue is full; it empties by itself. */
    private static final int QUEUE_FULL = 21611;

    private static final String TRIAL = "Sent from your Twilio trial account - ";

    private final TwilioConfig config;
    private final Clock clock;

    TwilioOutcomes(TwilioConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    /** A server's error may come after the message was taken: that is found out, not guessed. */
    SendOutcome of(int status, JsonNode answer) {
        String sid = answer.path("sid").asText("");
        if (status >= 200 && status < 300 && !sid.isEmpty()) {
            return new SendOutcome.Sent(sid);
        }
        String reason = reason(status, answer);
        if (status == TOO_MANY_REQUESTS) {
            return new SendOutcome.Later(config.ratePause(), reason, SendOutcome.Scope.ACCOUNT);
        }
        int code = answer.path("code").asInt(0);
        if (code == QUEUE_FULL) {
            return new SendOutcome.Later(config.queuePause(), reason, SendOutcome.Scope.ACCOUNT);
        }
        return status >= 400 && status < 500
                ? new SendOutcome.Refused(refusal(status, code), reason)
                : new SendOutcome.Ambiguous(reason);
    }

    static Refusal refusal(int status, int code) {
        return switch (code) {
            case 21610 -> Refusal.OPTED_OUT;
            // credentials, a suspended account, a number that the account does not have
            case 20003, 20005, 21606, 21603, 21660 -> Refusal.ACCOUNT;
            default -> status == 401 ? Refusal.ACCOUNT : Refusal.OTHER;
        };
    }

    /**
     * What became of a text, by Twilio's list of the latest messages to its recipient, newest first. Twilio's times are
     * whole seconds.
     *
     * @param attempted when the attempt began
     * @param candidate whether a message can be this one: it came from the same sender, and is none that we know
     */
    Optional<SendOutcome> among(JsonNode messages, String text, Instant attempted, Predicate<JsonNode> candidate) {
        Instant earliest = attempted.truncatedTo(ChronoUnit.SECONDS).minusSeconds(1);
        boolean reachedBack = messages.isArray() && messages.size() < PAGE;
        for (JsonNode message : messages) {
            Instant created = time(message.path("date_created").asText(""));
            if (created == null) {
                return Optional.empty();
            }
            if (created.isBefore(earliest)) {
                reachedBack = true;
                break;
            }
            boolean ours = message.path("direction").asText("").startsWith("outbound")
                    && isSame(message.path("body").asText(""), text)
                    && candidate.test(message);
            if (ours) {
                return Optional.of(outcome(message));
            }
        }
        // What is not listed long after it was asked for was never taken.
        return reachedBack && clock.instant().isAfter(attempted.plus(config.listedAfter()))
                ? Optional.of(new SendOutcome.Later(config.ratePause(), "Twilio has not taken it"))
                : Optional.empty();
    }

    /** Trial accounts write their own words before ours, and a service may write ASCII for other signs. */
    private static boolean isSame(String listed, String sent) {
        String words = words(listed.startsWith(TRIAL) ? listed.substring(TRIAL.length()) : listed);
        return words.isEmpty() ? listed.strip().equals(sent.strip()) : words.equals(words(sent));
    }

    private static String words(String text) {
        return text.replaceAll("[^\\p{L}\\p{N}]", "");
    }

    private static SendOutcome outcome(JsonNode message) {
        String status = message.path("status").asText("");
        return switch (status) {
            case "failed", "canceled" ->
                new SendOutcome.Refused(
                        refusal(0, message.path("error_code").asInt(0)),
                        status + " " + message.path("error_code").asText(""));
            default -> new SendOutcome.Sent(message.path("sid").asText());
        };
    }

    static @Nullable Instant time(String text) {
        try {
            return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
        } catch (DateTimeException unreadable) {
            return null;
        }
    }

    /** Code and words, as in {@code 21610 Attempt to send to unsubscribed recipient}. */
    static String reason(int status, JsonNode answer) {
        String reason = answer.path("code").isInt()
                ? answer.path("code").asText() + " " + answer.path("message").asText("")
                : "status " + status;
        return reason.length() > 1000 ? reason.substring(0, 1000) : reason;
    }
}
