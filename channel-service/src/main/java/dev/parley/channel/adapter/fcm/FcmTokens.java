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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

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
    private final ConcurrentMap<Holder, CompletableFuture<Answer>> asking = new ConcurrentHashMap<>();

    FcmTokens(VendorHttp http, FcmConfig config, ObjectMapper json, Clock clock) {
        this.http = http;
        this.config = config;
        this.json = json;
        this.clock = clock;
    }

    /** The token that is held for a channel, or a new one; however many want one, it is asked for once. */
    Answer get(UUID channel, ServiceAccount account) {
        Holder holder = new Holder(channel, account.keyId());
        Token known = known(holder);
        if (known != null) {
            return known;
        }
        CompletableFuture<Answer> own = new CompletableFuture<>();
        CompletableFuture<Answer> others = asking.putIfAbsent(holder, own);
        if (others != null) {
            return others.join();
        }
        try {
            // Others may have been answered since the look above.
            Token meanwhile = known(holder);
            Answer answer = meanwhile == null ? ask(account) : meanwhile;
            if (answer instanceof Token token) {
                held.put(holder, token);
            }
            own.complete(answer);
            return answer;
        } finally {
            asking.remove(holder, own);
            own.cancel(false);
        }
    }

    private @Nullable Token known(Holder holder) {
        Token known = held.getIfPresent(holder);
        return known != null && clock.instant().isBefore(known.until()) ? known : null;
    }

    /** Holds a token no longer that was refused; one that took its place stays. */
    void forget(UUID channel, ServiceAccount account, Token refused) {
        held.asMap().remove(new Holder(channel, account.keyId()), refused);
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
        if (result instanceof VendorHttp.NotSent none) {
            return new NotNow(false, none.reason());
        }
        if (!(result instanceof VendorHttp.Response response)
                || response.status() >= 500
                || response.status() == FcmOutcomes.TOO_MANY_REQUESTS) {
            return new NotNow(true, "Google gives no access token now");
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

    /**
     * There is none at present.
     *
     * @param asked whether Google was reached at all
     */
    record NotNow(boolean asked, String reason) implements Answer {}

    private record Holder(UUID channel, String keyId) {}
}
