package dev.parley.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.platform.security.TenantContextVerifier;
import dev.parley.platform.tenancy.TenantId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** Stands in for auth-service in tests of the other services: signs tenant contexts and publishes the key. */
public final class TestTokens {
    private static final Pattern TENANT = Pattern.compile("\"tenant_id\"\\s*:\\s*\"([0-9a-f-]{36})\"");
    private static final Pattern SERVICE = Pattern.compile("\"service\"\\s*:\\s*\"([a-z-]+)\"");
    private static final EllipticCurveJsonWebKey KEY = newKey();
    private static final Set<TenantId> ENDING = ConcurrentHashMap.newKeySet();
    private static final HttpServer SERVER = serve();

    private TestTokens() {}

    /** The address to use as auth-service's. */
    public static String authUrl() {
        return "http://127.0.0.1:" + SERVER.getAddress().getPort();
    }

    /** A context of a person with that role and those below it, and the scopes that go with it. */
    public static String member(TenantId tenant, String role) {
        Set<String> roles = new LinkedHashSet<>(List.of(role));
        if (role.equals("owner")) {
            roles.add("admin");
        }
        roles.add("member");
        return token(
                tenant,
                "user-" + tenant,
                List.copyOf(roles),
                role.equals("member") ? List.of("chat", "read") : List.of("chat", "read", "write"));
    }

    /** A context of an API key with those scopes. */
    public static String apiKey(TenantId tenant, String... scopes) {
        return token(tenant, "api-key:test", List.of("api-key"), List.of(scopes));
    }

    /** A context of platform staff, without a tenant. */
    public static String platformAdmin() {
        return token(null, "staff", List.of("platform-admin"), List.of("chat", "read"));
    }

    /** A context of another service, for one tenant. */
    public static String service(TenantId tenant, String name) {
        return token(tenant, "service:" + name, List.of("service"), List.of());
    }

    /** Any context. */
    public static String token(TenantId tenant, String subject, List<String> roles, List<String> scopes) {
        JwtClaims claims = claims(tenant, subject, roles, scopes);
        return sign(claims, KEY, TenantContextVerifier.TYPE);
    }

    /** The claims of a valid context, to be changed by tests of refusals. */
    public static JwtClaims claims(TenantId tenant, String subject, List<String> roles, List<String> scopes) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(TenantContextVerifier.ISSUER);
        claims.setAudience(List.copyOf(TenantContextVerifier.AUDIENCES));
        claims.setSubject(subject);
        claims.setExpirationTimeMinutesInTheFuture(5);
        claims.setIssuedAtToNow();
        claims.setGeneratedJwtId();
        if (tenant != null) {
            claims.setStringClaim("tenant_id", tenant.toString());
        }
        claims.setStringClaim("auth_provider", "password");
        claims.setStringListClaim("roles", roles);
        claims.setStringListClaim("scopes", scopes);
        return claims;
    }

    /** Signs claims with ES256; null signs with the published key. */
    public static String sign(JwtClaims claims, EllipticCurveJsonWebKey key, String type) {
        try {
            EllipticCurveJsonWebKey signer = key == null ? KEY : key;
            JsonWebSignature jws = new JsonWebSignature();
            jws.setPayload(claims.toJson());
            jws.setKey(signer.getPrivateKey());
            jws.setKeyIdHeaderValue(signer.getKeyId());
            jws.setHeader("typ", type);
            jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes auth-service say that a tenant is being erased. */
    public static void erasing(TenantId tenant) {
        ENDING.add(tenant);
    }

    /** The published public key. */
    public static EllipticCurveJsonWebKey key() {
        return KEY;
    }

    private static EllipticCurveJsonWebKey newKey() {
        try {
            EllipticCurveJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
            key.setKeyId("test-key");
            key.setAlgorithm("ES256");
            key.setUse("sig");
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HttpServer serve() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext(
                    "/internal/jwks",
                    exchange -> answer(exchange, new JsonWebKeySet(KEY).toJson(OutputControlLevel.PUBLIC_ONLY)));
            server.createContext("/internal/service-contexts", exchange -> {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                Matcher tenant = TENANT.matcher(body);
                Matcher service = SERVICE.matcher(body);
                String token = service(
                        tenant.find() ? TenantId.of(tenant.group(1)) : null,
                        service.find() ? service.group(1) : "unknown");
                answer(exchange, "{\"token\":\"" + token + "\",\"expires_in\":300}");
            });
            server.createContext("/internal/event-keys/", exchange -> {
                String path = exchange.getRequestURI().getPath();
                TenantId tenant = TenantId.of(path.substring(path.lastIndexOf('/') + 1));
                if (ENDING.contains(tenant)) {
                    answer(exchange, 410, "{\"code\":\"TENANT_ERASED\",\"status\":410}");
                    return;
                }
                String keyset = Base64.getEncoder().encodeToString(SealedEvents.serialized(tenant));
                answer(exchange, "{\"keyset\":\"" + keyset + "\"}");
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void answer(HttpExchange exchange, String json) throws IOException {
        answer(exchange, 200, json);
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
