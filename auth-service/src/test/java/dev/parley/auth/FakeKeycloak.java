package dev.parley.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/**
 * Keycloak and policy-service in the shapes that auth-service uses, with Keycloak's own answers to wrong requests.
 * Tests steer it over HTTP under /control, because they run in another class loader.
 */
final class FakeKeycloak {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final String REALM = "/realms/parley";
    private static final String ADMIN = "/admin/realms/parley";
    private static final String PASSKEY = "passkey";
    private static final String CONNECT = REALM + "/protocol/openid-connect";

    private final HttpServer server;
    private final RsaJsonWebKey key;
    private final Map<String, User> users = new ConcurrentHashMap<>();
    private final Map<String, Session> refreshTokens = new ConcurrentHashMap<>();
    private final Set<String> usedTokens = ConcurrentHashMap.newKeySet();
    private final Map<String, JsonNode> codes = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> counters = new ConcurrentHashMap<>();
    private volatile JsonNode control = JSON.createObjectNode();

    record User(UUID id, String email, String password, Instant createdAt) {}

    record Session(String id, User user, String provider) {
        boolean isEnded(Set<String> ended) {
            return ended.contains(id);
        }
    }

    private final Map<String, Integer> refreshes = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> providersOf = new ConcurrentHashMap<>();
    private final Map<String, Instant> laterPasswords = new ConcurrentHashMap<>();
    private final Set<String> passkeys = ConcurrentHashMap.newKeySet();
    private final Set<String> locked = ConcurrentHashMap.newKeySet();
    private final Set<String> withoutCredentials = ConcurrentHashMap.newKeySet();
    private final List<String> mails = new CopyOnWriteArrayList<>();
    private final Map<String, JsonNode> providers = new ConcurrentHashMap<>();
    private final Set<String> verified = ConcurrentHashMap.newKeySet();
    private final Set<String> endedSessions = ConcurrentHashMap.newKeySet();

    FakeKeycloak() {
        try {
            key = RsaJwkGenerator.generateJwk(2048);
            key.setKeyId("realm-key");
            key.setAlgorithm("RS256");
            key.setUse("sig");
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 200);
        } catch (JoseException | IOException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(CONNECT + "/token", exchange -> handle(exchange, "token", this::token));
        server.createContext(CONNECT + "/logout", exchange -> handle(exchange, "logout", this::logout));
        server.createContext(CONNECT + "/certs", exchange -> handle(exchange, "certs", this::certs));
        server.createContext(ADMIN + "/sessions/", exchange -> handle(exchange, "sessions", this::endSession));
        server.createContext(
                ADMIN + "/attack-detection/brute-force/users/", exchange -> handle(exchange, "locks", this::locks));
        server.createContext(
                ADMIN + "/identity-provider/instances/", exchange -> handle(exchange, "providers", this::providers));
        server.createContext(ADMIN + "/users/", exchange -> handle(exchange, "user", this::user));
        server.createContext(ADMIN + "/users", exchange -> handle(exchange, "users", this::users));
        server.createContext(
                "/internal/entitlements", exchange -> handle(exchange, "entitlements", this::entitlements));
        new FakePolicy().serve(server);
        server.createContext("/control/", this::control);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void stop() {
        server.stop(0);
    }

    private interface Handler {
        Answer answer(HttpExchange exchange, String body) throws Exception;
    }

    private record Answer(int status, String body) {}

    private void handle(HttpExchange exchange, String name, Handler handler) throws IOException {
        counters.computeIfAbsent(name, any -> new AtomicInteger()).incrementAndGet();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        int fault = control.path("fault").path(name).asInt(0);
        Answer answer = fault == 0 ? answer(handler, exchange, body) : new Answer(fault, "{\"error\":\"fault\"}");
        send(exchange, answer);
    }

    private static Answer answer(Handler handler, HttpExchange exchange, String body) {
        try {
            return handler.answer(exchange, body);
        } catch (Exception e) {
            return new Answer(500, "{\"error\":\"" + e.getClass().getSimpleName() + "\"}");
        }
    }

    /** Never closes the exchange itself: that would close the connection, which the client keeps alive. */
    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
            exchange.getResponseBody().close();
        }
    }

    private Answer certs(HttpExchange exchange, String body) {
        return new Answer(200, new JsonWebKeySet(key).toJson());
    }

    private Answer entitlements(HttpExchange exchange, String body) {
        boolean service = exchange.getRequestHeaders().getFirst("Authorization") != null;
        return service ? new Answer(200, "{\"plan\":\"free\",\"remaining\":1000}") : new Answer(401, "");
    }

    private Answer token(HttpExchange exchange, String body) throws Exception {
        Map<String, String> form = form(body);
        boolean web = "parley-web".equals(form.get("client_id")) && "web-secret".equals(form.get("client_secret"));
        boolean admin =
                "parley-auth-service".equals(form.get("client_id")) && "admin-secret".equals(form.get("client_secret"));
        if (!web && !admin) {
            return new Answer(401, "{\"error\":\"unauthorized_client\",\"error_description\":\"Invalid client\"}");
        }
        return switch (form.get("grant_type")) {
            case "client_credentials" -> new Answer(200, "{\"access_token\":\"admin-token\",\"expires_in\":60}");
            case "password" -> {
                User user = users.get(form.get("username"));
                yield user != null
                                && user.password().equals(form.get("password"))
                                && !withoutCredentials.contains(user.email())
                                && !locked.contains(user.email())
                                && (!user.email().startsWith("otp") || "123456".equals(form.get("otp")))
                        ? granted(new Session(UUID.randomUUID().toString(), user, null), null)
                        : refused("Invalid user credentials", 401);
            }
            case "refresh_token" -> refresh(form.get("refresh_token"));
            case "authorization_code" -> code(form);
            default -> new Answer(400, "{\"error\":\"unsupported_grant_type\"}");
        };
    }

    private Answer refresh(String token) throws Exception {
        Session session = refreshTokens.get(token);
        if (session == null || session.isEnded(endedSessions)) {
            return refused("Token is not active", 400);
        }
        if (!usedTokens.add(token)) {
            endedSessions.add(session.id());
            boolean older = refreshes.getOrDefault(session.id(), 0) > 1;
            return refused(older ? "Stale token" : "Maximum allowed refresh token reuse exceeded", 400);
        }
        refreshes.merge(session.id(), 1, Integer::sum);
        counters.computeIfAbsent("refreshed", any -> new AtomicInteger()).incrementAndGet();
        return granted(session, null);
    }

    private Answer code(Map<String, String> form) throws Exception {
        JsonNode login = codes.remove(form.get("code"));
        if (login == null || !login.path("redirect_uri").asText().equals(form.get("redirect_uri"))) {
            return refused("Code not valid", 400);
        }
        byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest(form.get("code_verifier").getBytes(StandardCharsets.US_ASCII));
        String challenge = Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        if (!challenge.equals(login.path("code_challenge").asText())) {
            return refused("PKCE verification failed: Code mismatch", 400);
        }
        return granted(
                new Session(
                        UUID.randomUUID().toString(),
                        users.get(login.path("email").asText()),
                        null),
                login.path("nonce").asText());
    }

    private Answer granted(Session session, String nonce) throws Exception {
        long lifetime = control.path("access_lifetime").asLong(900);
        ObjectNode answer = JSON.createObjectNode();
        answer.put("access_token", sign(null, claims(session, "Bearer", lifetime)));
        ObjectNode refresh = claims(session, "Refresh", 2_592_000);
        refresh.put("jti", UUID.randomUUID().toString());
        String refreshToken = sign(null, refresh);
        refreshTokens.put(refreshToken, session);
        answer.put("refresh_token", refreshToken);
        answer.put("expires_in", lifetime);
        answer.put("refresh_expires_in", 2_592_000);
        if (nonce != null) {
            ObjectNode id = claims(session, "ID", lifetime);
            id.put("aud", "parley-web");
            id.put("nonce", nonce);
            answer.put("id_token", sign(null, id));
        }
        return new Answer(200, answer.toString());
    }

    private ObjectNode claims(Session session, String type, long lifetime) {
        long now = Instant.now().getEpochSecond();
        ObjectNode claims = JSON.createObjectNode();
        claims.put("exp", now + lifetime);
        claims.put("iat", now);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("iss", url() + REALM);
        claims.put("aud", "parley");
        claims.put("sub", session.user().id().toString());
        claims.put("typ", type);
        claims.put("azp", "parley-web");
        claims.put("sid", session.id());
        claims.put("email", session.user().email());
        claims.put("email_verified", isVerified(session.user().email()));
        claims.put("name", "Asha Rao");
        if (session.provider() != null) {
            claims.put("identity_provider", session.provider());
        }
        if (session.user().email().startsWith("staff")) {
            claims.putObject("realm_access").putArray("roles").add("platform-admin");
        }
        return claims;
    }

    private boolean isVerified(String email) {
        return verified.contains(email);
    }

    private String sign(JsonNode header, JsonNode claims) throws JoseException {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue("RS256");
        signature.setHeader("typ", "JWT");
        signature.setKeyIdHeaderValue("realm-key");
        if (header != null) {
            header.properties()
                    .forEach(member ->
                            signature.setHeader(member.getKey(), JSON.convertValue(member.getValue(), Object.class)));
        }
        signature.setKey(key.getPrivateKey());
        signature.setPayload(claims.toString());
        return signature.getCompactSerialization();
    }

    private Answer logout(HttpExchange exchange, String body) {
        Session session = refreshTokens.get(form(body).get("refresh_token"));
        if (session == null || !endedSessions.add(session.id())) {
            return refused("Invalid refresh token", 400);
        }
        return new Answer(204, "");
    }

    private static boolean isAdmin(HttpExchange exchange) {
        return "Bearer admin-token".equals(exchange.getRequestHeaders().getFirst("Authorization"));
    }

    private static String last(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private Optional<User> byId(String id) {
        return users.values().stream()
                .filter(user -> user.id().toString().equals(id))
                .findFirst();
    }

    private Answer endSession(HttpExchange exchange, String body) {
        if (!isAdmin(exchange)) {
            return new Answer(401, "");
        }
        return endedSessions.add(last(exchange)) ? new Answer(204, "") : new Answer(404, "{}");
    }

    private Answer locks(HttpExchange exchange, String body) {
        String email = byId(last(exchange)).orElseThrow().email();
        if (exchange.getRequestMethod().equals("DELETE")) {
            locked.remove(email);
            return new Answer(204, "");
        }
        return new Answer(200, "{\"disabled\":" + locked.contains(email) + "}");
    }

    private Answer providers(HttpExchange exchange, String body) throws IOException {
        String alias = last(exchange);
        if (exchange.getRequestMethod().equals("PUT")) {
            providers.put(alias, JSON.readTree(body));
            return new Answer(204, "");
        }
        JsonNode known = providers.get(alias);
        return known == null ? new Answer(404, "{}") : new Answer(200, known.toString());
    }

    /** What the admin API answers below one user. */
    private Answer user(HttpExchange exchange, String body) {
        String whole = exchange.getRequestURI().getPath();
        if (whole.endsWith("/role-mappings/realm")) {
            return new Answer(200, "[{\"name\":\"offline_access\"}]");
        }
        if (exchange.getRequestMethod().equals("DELETE") && whole.matches(".*/users/[0-9a-f-]{36}")) {
            boolean gone = users.values().removeIf(user -> whole.endsWith("/" + user.id()));
            return new Answer(gone ? 204 : 404, "");
        }
        String[] path = exchange.getRequestURI()
                .getPath()
                .substring((ADMIN + "/users/").length())
                .split("/");
        User user = byId(path[0]).orElseThrow();
        if (path.length == 1) {
            return new Answer(
                    200,
                    "{\"id\":\"%s\",\"createdTimestamp\":%d}"
                            .formatted(user.id(), user.createdAt().toEpochMilli()));
        }
        return switch (path[1]) {
            case "send-verify-email" -> {
                mails.add(user.email());
                yield new Answer(204, "");
            }
            case "sessions" ->
                new Answer(
                        200,
                        refreshTokens.values().stream()
                                .filter(session ->
                                        session.user().id().equals(user.id()) && !session.isEnded(endedSessions))
                                .map(Session::id)
                                .distinct()
                                .map(id -> "{\"id\":\"" + id + "\"}")
                                .collect(Collectors.joining(",", "[", "]")));
            case "federated-identity" -> {
                if (exchange.getRequestMethod().equals("DELETE")) {
                    yield new Answer(providersOf(user.email()).remove(path[2]) ? 204 : 404, "");
                }
                yield new Answer(
                        200,
                        providersOf(user.email()).stream()
                                .map(alias -> "{\"identityProvider\":\"" + alias + "\"}")
                                .collect(Collectors.joining(",", "[", "]")));
            }
            case "credentials" -> {
                if (exchange.getRequestMethod().equals("DELETE")) {
                    if (path[2].equals(PASSKEY)) {
                        passkeys.remove(user.email());
                    } else {
                        withoutCredentials.add(user.email());
                    }
                    yield new Answer(204, "");
                }
                yield new Answer(200, credentials(user));
            }
            default -> new Answer(404, "{}");
        };
    }

    private Set<String> providersOf(String email) {
        return providersOf.computeIfAbsent(email, any -> ConcurrentHashMap.newKeySet());
    }

    private String credentials(User user) {
        Instant set = laterPasswords.getOrDefault(user.email(), user.createdAt());
        List<String> all = new ArrayList<>();
        if (!withoutCredentials.contains(user.email())) {
            all.add("{\"id\":\"first\",\"type\":\"password\",\"createdDate\":" + set.toEpochMilli() + "}");
        }
        if (passkeys.contains(user.email())) {
            all.add("{\"id\":\"" + PASSKEY + "\",\"type\":\"webauthn-passwordless\",\"createdDate\":1}");
        }
        return all.toString();
    }

    private Answer users(HttpExchange exchange, String body) throws IOException {
        if (!"Bearer admin-token".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return new Answer(401, "{\"error\":\"HTTP 401 Unauthorized\"}");
        }
        if (exchange.getRequestMethod().equals("GET")) {
            User user = users.get(form(exchange.getRequestURI().getRawQuery()).get("email"));
            return new Answer(
                    200,
                    user == null
                            ? "[]"
                            : "[{\"id\":\"%s\",\"email\":\"%s\",\"emailVerified\":%b,\"createdTimestamp\":%d}]"
                                    .formatted(
                                            user.id(),
                                            user.email(),
                                            isVerified(user.email()),
                                            user.createdAt().toEpochMilli()));
        }
        JsonNode wanted = JSON.readTree(body);
        String email = wanted.path("email").asText();
        String password = wanted.path("credentials").path(0).path("value").asText();
        if (password.contains("realm-weak")) {
            return new Answer(400, "{\"errorMessage\":\"Password policy not met\"}");
        }
        User user = new User(UUID.randomUUID(), email, password, Instant.now());
        return users.putIfAbsent(email, user) == null
                ? new Answer(201, "")
                : new Answer(409, "{\"errorMessage\":\"User exists with same email\"}");
    }

    private static Answer refused(String description, int status) {
        return new Answer(status, "{\"error\":\"invalid_grant\",\"error_description\":\"" + description + "\"}");
    }

    private void control(HttpExchange exchange) throws IOException {
        try {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String answer =
                    switch (exchange.getRequestURI().getPath()) {
                        case "/control/set" -> {
                            control = JSON.readTree(body);
                            yield "{}";
                        }
                        case "/control/counters" -> JSON.writeValueAsString(counters);
                        case "/control/users" -> JSON.writeValueAsString(users.keySet());
                        case "/control/user" -> {
                            JsonNode wanted = JSON.readTree(body);
                            String email = wanted.path("email").asText();
                            if (wanted.path("email_verified").asBoolean(true)) {
                                verified.add(email);
                            }
                            users.put(
                                    email,
                                    new User(
                                            UUID.randomUUID(),
                                            email,
                                            wanted.path("password").asText(),
                                            Instant.parse(wanted.path("created_at")
                                                    .asText(Instant.now().toString()))));
                            yield "{}";
                        }
                        case "/control/federate" -> {
                            JsonNode wanted = JSON.readTree(body);
                            providersOf(wanted.path("email").asText())
                                    .add(wanted.path("provider").asText("google"));
                            yield "{}";
                        }
                        case "/control/broker" -> {
                            JsonNode wanted = JSON.readTree(body);
                            yield granted(
                                            new Session(
                                                    UUID.randomUUID().toString(),
                                                    users.get(
                                                            wanted.path("email").asText()),
                                                    "google"),
                                            null)
                                    .body();
                        }
                        case "/control/passkey" -> {
                            passkeys.add(JSON.readTree(body).path("email").asText());
                            yield "{}";
                        }
                        case "/control/password" -> {
                            JsonNode wanted = JSON.readTree(body);
                            String email = wanted.path("email").asText();
                            users.computeIfPresent(
                                    email,
                                    (same, old) -> new User(
                                            old.id(),
                                            email,
                                            wanted.path("password").asText(),
                                            old.createdAt()));
                            laterPasswords.merge(
                                    email, Instant.now().plusSeconds(60), (old, next) -> old.plusSeconds(60));
                            withoutCredentials.remove(email);
                            yield "{}";
                        }
                        case "/control/nopassword" -> {
                            withoutCredentials.add(
                                    JSON.readTree(body).path("email").asText());
                            yield "{}";
                        }
                        case "/control/means" -> {
                            String email = JSON.readTree(body).path("email").asText();
                            yield JSON.createObjectNode()
                                    .put("passkey", passkeys.contains(email))
                                    .put("password", !withoutCredentials.contains(email))
                                    .set("providers", JSON.valueToTree(providersOf(email)))
                                    .toString();
                        }
                        case "/control/lock" -> {
                            locked.add(JSON.readTree(body).path("email").asText());
                            yield "{}";
                        }
                        case "/control/unlock" -> {
                            locked.remove(JSON.readTree(body).path("email").asText());
                            yield "{}";
                        }
                        case "/control/provider" -> {
                            JsonNode wanted = JSON.readTree(body);
                            providers.put(wanted.path("alias").asText(), wanted);
                            yield "{}";
                        }
                        case "/control/providers" -> JSON.writeValueAsString(providers);
                        case "/control/mails" -> JSON.writeValueAsString(mails);
                        case "/control/verify" -> {
                            verified.add(JSON.readTree(body).path("email").asText());
                            yield "{}";
                        }
                        case "/control/code" -> {
                            String code = UUID.randomUUID().toString();
                            codes.put(code, JSON.readTree(body));
                            yield JSON.writeValueAsString(Map.of("code", code));
                        }
                        case "/control/sign" -> {
                            JsonNode wanted = JSON.readTree(body);
                            yield JSON.writeValueAsString(
                                    Map.of("token", sign(wanted.get("header"), wanted.get("claims"))));
                        }
                        default ->
                            throw new IllegalArgumentException(
                                    exchange.getRequestURI().getPath());
                    };
            send(exchange, new Answer(200, answer));
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            send(exchange, new Answer(500, "{}"));
        }
    }

    private static Map<String, String> form(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String field : List.of(text.split("&"))) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                fields.put(
                        URLDecoder.decode(field.substring(0, equals), StandardCharsets.UTF_8),
                        URLDecoder.decode(field.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return fields;
    }
}
