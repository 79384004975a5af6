package dev.parley.gateway.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.gateway.session.Credential.Kind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import org.jboss.logging.Logger;

/** Asks auth-service what a credential is worth. */
@ApplicationScoped
class ContextExchange {
    private static final Logger LOG = Logger.getLogger(ContextExchange.class);
    private static final String PATH = "/internal/context-exchanges";
    private static final int CONNECT_MILLIS = 200;

    private final HttpClient client;
    private final SessionConfig config;
    private final Clock clock;
    private final JsonMapper json = new JsonMapper();

    ContextExchange(Vertx vertx, SessionConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout(CONNECT_MILLIS)
                        .setKeepAliveTimeout(55)
                        .setTracingPolicy(TracingPolicy.IGNORE),
                new PoolOptions().setHttp1MaxSize(64).setMaxWaitQueueSize(2000));
    }

    /** Granted, Rejected, Refused or Unavailable; the future never fails. */
    Future<Admission> exchange(Credential credential, String tenantId) {
        var body = json.createObjectNode()
                .put("service", config.service())
                .put("secret", config.secret())
                .put("kind", credential.kind().wire())
                .put("credential", credential.value());
        if (tenantId != null) {
            body.put("tenant_id", tenantId);
        }
        long millis = config.exchangeTimeout().toMillis();
        var options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(config.authUrl() + PATH)
                .putHeader("content-type", "application/json")
                .setTimeout(millis);
        return client.request(options)
                // Failures arrive with the response; without a handler they would be logged a second time.
                .compose(request -> request.exceptionHandler(failure -> {}).send(Buffer.buffer(body.toString())))
                .compose(response -> response.body().map(content -> read(credential, response.statusCode(), content)))
                .otherwise(failure -> {
                    LOG.warnf("auth-service does not answer: %s", failure.getMessage());
                    return new Admission.Unavailable();
                });
    }

    private Admission read(Credential credential, int status, Buffer content) {
        try {
            return switch (status) {
                case 200 -> granted(credential, json.readTree(content.getBytes()));
                case 401 -> new Admission.Rejected();
                case 403 -> refused(json.readTree(content.getBytes()));
                default -> {
                    LOG.errorf("auth-service answered an exchange with %d", status);
                    yield new Admission.Unavailable();
                }
            };
        } catch (java.io.IOException e) {
            LOG.errorf("auth-service answered an exchange with %d and no JSON", status);
            return new Admission.Unavailable();
        }
    }

    private Admission granted(Credential credential, JsonNode answer) {
        long now = clock.millis();
        long expires = now + answer.path("expires_in").asLong() * 1000;
        String session = null;
        if (credential.kind() == Kind.BEARER) {
            JsonNode claims = claims(credential.value());
            session = claims.path("sid").asText(null);
            if (claims.path("exp").isNumber()) {
                expires = Math.min(expires, claims.path("exp").asLong() * 1000);
            }
        }
        return new Admission.Granted(new CallerContext(
                "Bearer " + answer.path("token").asText(),
                answer.path("tenant_id").asText(null),
                answer.path("subject").asText(null),
                answer.path("credential_id").asText(""),
                session,
                answer.path("rate_limit").asInt(),
                now,
                expires));
    }

    private static Admission refused(JsonNode answer) {
        return new Admission.Refused(
                answer.path("code").asText("FORBIDDEN"),
                answer.path("title").asText("Forbidden"),
                answer.path("detail").asText("The caller may not act for this tenant."));
    }

    /** The claims of a token that auth-service has just accepted; nothing here is trusted before that. */
    private JsonNode claims(String token) {
        try {
            String payload = token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'));
            return json.readTree(new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return json.createObjectNode();
        }
    }
}
