package dev.parley.platform.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** This service's own contexts, one per tenant that it works for and service that it calls, renewed in time. */
@ApplicationScoped
class ServiceTokens {
    private static final Duration KEEP = Duration.ofMinutes(4);

    private final HttpCalls calls;
    private final ObjectMapper mapper;
    private final String authUrl;
    private final String service;
    private final String secret;
    private final LoadingCache<Key, String> tokens =
            Caffeine.newBuilder().maximumSize(50_000).expireAfterWrite(KEEP).build(this::fetch);

    ServiceTokens(
            HttpCalls calls,
            ObjectMapper mapper,
            @ConfigProperty(name = "parley.service.url.auth-service") String authUrl,
            @ConfigProperty(name = "quarkus.application.name") String service,
            @ConfigProperty(name = "parley.service.secret") String secret) {
        this.calls = calls;
        this.mapper = mapper;
        this.authUrl = authUrl;
        this.service = service;
        this.secret = secret;
    }

    /** The context for calls of that service about a tenant. */
    String forTenant(TenantId tenant, String target) {
        return tokens.get(new Key(tenant, target));
    }

    void forget(TenantId tenant, String target) {
        tokens.invalidate(new Key(tenant, target));
    }

    private String fetch(Key key) {
        try {
            byte[] body = mapper.writeValueAsBytes(Map.of(
                    "service",
                    service,
                    "secret",
                    secret,
                    "tenant_id",
                    key.tenant().toString(),
                    "audience",
                    key.target()));
            HttpCalls.Answer answer = calls.call(
                    "POST",
                    authUrl + "/internal/service-contexts",
                    Map.of("Content-Type", "application/json"),
                    body,
                    Duration.ofSeconds(2),
                    "auth-service");
            if (answer.status() != 200) {
                throw Answers.problem(mapper, answer, "auth-service");
            }
            JsonNode token = mapper.readTree(answer.body()).path("token");
            return token.asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Key(TenantId tenant, String target) {}
}
