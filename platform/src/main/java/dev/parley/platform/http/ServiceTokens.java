package dev.parley.platform.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * This service's own contexts, one per tenant that it works for and service that it calls, renewed in time. All who
 * need one at the same moment wait for one request, and share its failure: an auth-service that hangs costs each of
 * them one wait, however many they are.
 */
@ApplicationScoped
class ServiceTokens {
    private static final Duration KEEP = Duration.ofMinutes(4);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final HttpCalls calls;
    private final ObjectMapper mapper;
    private final String authUrl;
    private final String service;
    private final String secret;
    private final Duration patience;
    private final Cache<Key, CompletableFuture<String>> tokens =
            Caffeine.newBuilder().maximumSize(50_000).expireAfterWrite(KEEP).build();

    @Inject
    ServiceTokens(
            HttpCalls calls,
            ObjectMapper mapper,
            @ConfigProperty(name = "parley.service.url.auth-service") String authUrl,
            @ConfigProperty(name = "quarkus.application.name") String service,
            @ConfigProperty(name = "parley.service.secret") String secret) {
        this(calls, mapper, authUrl, service, secret, PATIENCE);
    }

    /** Made by hand in tests. */
    ServiceTokens(
            HttpCalls calls, ObjectMapper mapper, String authUrl, String service, String secret, Duration patience) {
        this.calls = calls;
        this.mapper = mapper;
        this.authUrl = authUrl;
        this.service = service;
        this.secret = secret;
        this.patience = patience;
    }

    /** The context for calls of that service about a tenant; a 503 problem when there is none in time. */
    String forTenant(TenantId tenant, String target) {
        return await(tokens.get(new Key(tenant, target), this::begin));
    }

    /** Drops a context, or the request for one that is under way: who asks next gets a newer one. */
    void forget(TenantId tenant, String target) {
        tokens.invalidate(new Key(tenant, target));
    }

    /** Begins a request and does not wait: this is called under a lock of the cache that other keys need too. */
    private CompletableFuture<String> begin(Key key) {
        CompletableFuture<String> token = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                token.complete(fetch(key));
            } catch (Throwable failure) {
                tokens.asMap().remove(key, token);
                token.completeExceptionally(failure);
            }
        });
        return token;
    }

    private String await(CompletableFuture<String> token) {
        try {
            return token.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(failed.getCause());
        } catch (TimeoutException late) {
            throw CommonProblem.unavailable("auth-service", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw CommonProblem.unavailable("auth-service", interrupted);
        }
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
                    patience,
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
