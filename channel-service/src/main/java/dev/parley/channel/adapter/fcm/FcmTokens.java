package dev.parley.channel.adapter.fcm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.channel.adapter.vendor.VendorHttp;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** Access tokens of service accounts, each used until shortly before its end. */
@ApplicationScoped
class FcmTokens {
    private static final String SCOPE = "https://www.googleapis.com/auth/firebase.messaging";
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final long ASSERTION_SECONDS = 3600;
    private static final Duration MARGIN = Duration.ofMinutes(5);
    private static final long HELD = 10_000;

    private final VendorHttp http;
    private final FcmConfig config;
    private final ObjectMapper json;
    private final Clock clock;
    private final Cache<Holder, Token> held =
            Caffeine.newBuilder().maximumSize(HELD).build();

    FcmTokens(VendorHttp http, FcmConfig config, ObjectMapper json, Clock clock) {
        this.http = http;
        this.config = config;
        this.json = json;
        this.clock = clock;
    }

    /** The token that is held for a channel, or a new one. */
    Answer get(UUID channel, ServiceAccount account) {
        Holder holder = new Holder(channel, account.keyId());
        Token known = held.getIfPresent(holder);
        if (known != null && clock.instant().isBefore(known.until())) {
            return known;
        }
        Answer answer = ask(account);
        if (answer instanceof Token token) {
            held.put(holder, token);
        }
        return answer;
    }

    /** Holds a token no longer that was refused. */
    void forget(UUID channel, ServiceAccount account) {
        held.invalidate(new Holder(channel, account.keyId()));
    }

    /** Asks for a new token. */
    Answer ask(ServiceAccount account) {
        Instant now = clock.instant();
        String assertion = account.assertion(config.tokenUrl(), SCOPE, now.getEpochSecond(), ASSERTION_SECONDS);
        VendorHttp.Result result = http.post(
                config.tokenUrl(),
                Map.of(),
                "application/x-www-form-urlencoded",
                ("grant_type=" + URLEncoder.encode(GRANT, StandardCharsets.UTF_8) + "&assertion=" + assertion)
                        .getBytes(StandardCharsets.US_ASCII));
        if (!(result instanceof VendorHttp.Response response)
                || response.status() >= 500
                || response.status() == FcmOutcomes.TOO_MANY_REQUESTS) {
            return new NotNow("Google gives no access token now");
        }
        JsonNode answer = response.tree(json);
        String token = answer.path("access_token").asText("");
        if (response.status() != 200 || token.isEmpty()) {
            String why =
                    answer.path("error_description").asText(answer.path("error").asText("status " + response.status()));
            return new Refused("Google refuses the service account: " + FcmOutcomes.shortened(why));
        }
        Duration lasts = Duration.ofSeconds(answer.path("expires_in").asLong(0)).minus(MARGIN);
        return new Token(token, now.plus(lasts));
    }

    /** What became of asking for a token. */
    sealed interface Answer {}

    /** A token, good until then. */
    record Token(String value, Instant until) implements Answer {
        @Override
        public String toString() {
            return "Token[" + until + "]";
        }
    }

    /** There is none for that account. */
    record Refused(String reason) implements Answer {}

    /** There is none at present. */
    record NotNow(String reason) implements Answer {}

    private record Holder(UUID channel, String keyId) {}
}
