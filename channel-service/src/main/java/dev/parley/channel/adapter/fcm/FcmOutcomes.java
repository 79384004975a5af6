package dev.parley.channel.adapter.fcm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.PushOutcome;
import dev.parley.channel.adapter.vendor.VendorHttp;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads what Firebase answers to a notice. */
final class FcmOutcomes {
    static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int UNAVAILABLE = 503;
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final int LONGEST_REASON = 300;

    private final FcmConfig config;
    private final ObjectMapper json;
    private final Clock clock;

    FcmOutcomes(FcmConfig config, ObjectMapper json, Clock clock) {
        this.config = config;
        this.json = json;
        this.clock = clock;
    }

    PushOutcome of(VendorHttp.Result result) {
        return switch (result) {
            // Other notices may have taken all connections: it says nothing of the account.
            case VendorHttp.NotSent none -> new PushOutcome.Later(config.busyPause(), false, none.reason());
            case VendorHttp.Unanswered lost -> new PushOutcome.Unknown(lost.reason());
            case VendorHttp.Response response when response.status() < 300 -> new PushOutcome.Sent();
            case VendorHttp.Response response -> failed(response);
        };
    }

    private PushOutcome failed(VendorHttp.Response response) {
        JsonNode error = response.tree(json).path("error");
        String code = code(error);
        String reason = reason(response.status(), error);
        return switch (code) {
            case "UNREGISTERED", "NOT_FOUND" -> new PushOutcome.Gone(reason);
            case "SENDER_ID_MISMATCH", "THIRD_PARTY_AUTH_ERROR" -> new PushOutcome.Refused(true, reason);
            case "INVALID_ARGUMENT" ->
                isOfToken(error) ? new PushOutcome.Gone(reason) : new PushOutcome.Refused(false, reason);
            case "QUOTA_EXCEEDED" -> later(response, config.ratePause(), !isOfDevice(error), reason);
            case "UNAVAILABLE" -> later(response, config.busyPause(), true, reason);
            default -> byStatus(response, reason);
        };
    }

    private PushOutcome byStatus(VendorHttp.Response response, String reason) {
        return switch (response.status()) {
            case TOO_MANY_REQUESTS -> later(response, config.ratePause(), true, reason);
            case UNAVAILABLE -> later(response, config.busyPause(), true, reason);
            case UNAUTHORIZED, FORBIDDEN -> new PushOutcome.Later(config.refusedPause(), true, reason);
            default ->
                response.status() >= 500
                        ? new PushOutcome.Unknown(reason)
                        : new PushOutcome.Refused(response.status() == 404, reason);
        };
    }

    /** Whether an access token was refused that a new one may mend. */
    boolean wantsNewToken(VendorHttp.Result result) {
        return result instanceof VendorHttp.Response response
                && response.status() == UNAUTHORIZED
                && !"THIRD_PARTY_AUTH_ERROR".equals(code(response.tree(json).path("error")));
    }

    /** What Firebase calls the error: its own code where there is one, else that of Google's APIs. */
    private static String code(JsonNode error) {
        for (JsonNode detail : error.path("details")) {
            if (detail.path("@type").asText().endsWith("google.firebase.fcm.v1.FcmError")) {
                return detail.path("errorCode").asText();
            }
        }
        return error.path("status").asText("");
    }

    /** Whether it is the token that is no argument, and not the rest of the message. */
    private static boolean isOfToken(JsonNode error) {
        for (JsonNode detail : error.path("details")) {
            for (JsonNode violation : detail.path("fieldViolations")) {
                return "message.token".equals(violation.path("field").asText());
            }
        }
        return error.path("message").asText().toLowerCase(Locale.ROOT).contains("registration token");
    }

    /** Whether it is one device that was told too much; the same code stands for the whole project's quota. */
    private static boolean isOfDevice(JsonNode error) {
        for (JsonNode detail : error.path("details")) {
            if (detail.path("@type").asText().endsWith("google.rpc.QuotaFailure")) {
                for (JsonNode violation : detail.path("violations")) {
                    String quota = violation.path("subject").asText() + " "
                            + violation.path("description").asText();
                    if (quota.toLowerCase(Locale.ROOT).contains("device")) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private PushOutcome later(VendorHttp.Response response, Duration otherwise, boolean account, String reason) {
        Duration wanted = wait(response.header("retry-after"), otherwise);
        Duration atMost = config.longestPause();
        return new PushOutcome.Later(wanted.compareTo(atMost) > 0 ? atMost : wanted, account, reason);
    }

    private Duration wait(@Nullable String header, Duration otherwise) {
        if (header == null) {
            return otherwise;
        }
        try {
            Duration named = header.chars().allMatch(Character::isDigit)
                    ? Duration.ofSeconds(Long.parseLong(header))
                    : Duration.between(
                            clock.instant(), Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header)));
            return named.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : named;
        } catch (DateTimeException | NumberFormatException | ArithmeticException malformed) {
            return otherwise;
        }
    }

    /** The vendor's words, in one line that people can read. */
    static String reason(int status, JsonNode error) {
        String code = code(error);
        String words = error.path("message").asText("");
        return shortened(status + (code.isEmpty() ? "" : " " + code) + (words.isEmpty() ? "" : ": " + words));
    }

    static String shortened(String words) {
        String line = words.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON);
    }
}
