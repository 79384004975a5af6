package dev.parley.auth.outbound;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to Keycloak: tokens, users and keys. Each method raises a 503 problem when Keycloak cannot be reached or
 * fails; what was asked may then have happened, so callers repeat it.
 */
@ApplicationScoped
public class KeycloakClient {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String JSON = "application/json";
    private static final String USERS = "/users/";
    private static final String FEDERATED = "/federated-identity";
    private static final String LOCKS = "/attack-detection/brute-force/users/";
    private static final Pattern REFUSED_IN_NAMES = Pattern.compile("[<>&\"\\\\$%!#?§;*~/|^=\\[\\]{}()\\p{Cntrl}]+");
    // of the token just before the newest one it says the former, of all that are older the latter
    private static final Pattern REUSED = Pattern.compile("reuse|Stale token", Pattern.CASE_INSENSITIVE);

    private static final String PLATFORM_ADMIN = "platform-admin";
    private static final int LONGEST_NAME = 255;
    private static final int RENEW_BEFORE_SECONDS = 20;

    private final KeycloakConfig config;
    private final ObjectMapper json;
    private final Clock clock;
    private final HttpClient http;
    private final AtomicReference<AdminToken> adminToken = new AtomicReference<>(new AdminToken("", Instant.EPOCH));

    KeycloakClient(KeycloakConfig config, ObjectMapper json, Clock clock, Vertx vertx) {
        this.config = config;
        this.json = json;
        this.clock = clock;
        this.http = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(500).setMaxHeaderSize(32 * 1024),
                new PoolOptions().setHttp1MaxSize(32));
    }

    @PreDestroy
    void close() {
        http.close();
    }

    /** The issuer of the realm's tokens. */
    public String issuer() {
        return config.url() + "/realms/" + config.realm();
    }

    /** The address of one of the realm's OpenID Connect endpoints: {@code auth}, {@code token}, {@code certs}. */
    public URI endpoint(String name) {
        return URI.create(issuer() + "/protocol/openid-connect/" + name);
    }

    /** Asks for tokens with an e-mail address and a password. */
    public Grant passwordGrant(String email, String password) {
        return passwordGrant(email, password, null);
    }

    /** As {@link #passwordGrant(String, String)}, with the one-time code of a person who has set up a second factor. */
    public Grant passwordGrant(String email, String password, @Nullable String otp) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "password");
        form.put("username", email);
        form.put("password", password);
        form.put("scope", "openid email profile");
        if (otp != null) {
            form.put("otp", otp);
        }
        return grant(form);
    }

    /** Exchanges a refresh token for new tokens; the old one is dead afterwards. */
    public Grant refreshGrant(String refreshToken) {
        return grant(Map.of("grant_type", "refresh_token", "refresh_token", refreshToken));
    }

    /** Exchanges the code of a browser login for tokens. */
    public Grant codeGrant(String code, String codeVerifier, URI redirectUri) {
        return grant(Map.of(
                "grant_type",
                "authorization_code",
                "code",
                code,
                "code_verifier",
                codeVerifier,
                "redirect_uri",
                redirectUri.toString()));
    }

    /** Ends the session of a refresh token; false when it is not one of a living session. */
    public boolean logout(String refreshToken) {
        Reply reply = post(endpoint("logout"), withClient(Map.of("refresh_token", refreshToken)));
        if (reply.status() >= 500) {
            throw failed(reply);
        }
        return reply.status() < 300;
    }

    /** The realm's public keys as a JWK set. */
    public String certificates() {
        Reply reply = exchange(HttpMethod.GET, endpoint("certs"), Map.of(), Buffer.buffer());
        if (reply.status() != 200) {
            throw failed(reply);
        }
        return reply.body().toString(StandardCharsets.UTF_8);
    }

    /** Creates a user with a password, in one step; the user's name at Keycloak is the e-mail address. */
    public CreatedUser createUser(String email, String name, String password) {
        Map<String, Object> user = new LinkedHashMap<>();
        user.put("username", email);
        user.put("email", email);
        user.put("enabled", true);
        user.put("emailVerified", false);
        user.putAll(names(name));
        user.put("credentials", List.of(Map.of("type", "password", "value", password, "temporary", false)));
        Reply reply = admin(HttpMethod.POST, "/users", user);
        return switch (reply.status()) {
            case 201 -> CreatedUser.CREATED;
            case 409 -> CreatedUser.EXISTS;
            case 400 ->
                reply.body()
                                .toString(StandardCharsets.UTF_8)
                                .toLowerCase(java.util.Locale.ROOT)
                                .contains("password")
                        ? CreatedUser.WEAK_PASSWORD
                        : CreatedUser.INVALID;
            default -> throw failed(reply);
        };
    }

    /** Finds a user by the exact e-mail address. */
    public Optional<KeycloakUser> findUser(String email) {
        Reply reply = admin(HttpMethod.GET, "/users?exact=true&email=" + encode(email), null);
        if (reply.status() != 200) {
            throw failed(reply);
        }
        for (JsonNode user : parse(reply)) {
            if (email.equalsIgnoreCase(user.path("email").asText())) {
                return Optional.of(new KeycloakUser(
                        UUID.fromString(user.path("id").asText()),
                        email,
                        user.path("emailVerified").asBoolean(),
                        Instant.ofEpochMilli(user.path("createdTimestamp").asLong())));
            }
        }
        return Optional.empty();
    }

    /** Sends a person the mail whose link proves the address; the link leads back to a page of Parley. */
    public void sendVerificationMail(UUID user, URI back) {
        expect(
                admin(
                        HttpMethod.PUT,
                        "/users/" + user + "/send-verify-email?client_id=" + encode(config.clientId())
                                + "&redirect_uri=" + encode(back.toString()),
                        null),
                204);
    }

    /** The ids of the sessions in which a person is logged in. */
    public Set<String> sessions(UUID user) {
        Set<String> ids = new LinkedHashSet<>();
        for (JsonNode session : parse(expect(admin(HttpMethod.GET, "/users/" + user + "/sessions", null), 200))) {
            ids.add(session.path("id").asText());
        }
        return ids;
    }

    /** Ends a session with all its refresh tokens; one that is gone already is no error. */
    public void endSession(String sessionId) {
        expect(admin(HttpMethod.DELETE, "/sessions/" + encode(sessionId), null), 204, 404);
    }

    /** Whether wrong passwords have locked an account for some time. */
    public boolean isLocked(UUID user) {
        return parse(expect(admin(HttpMethod.GET, LOCKS + user, null), 200))
                .path("disabled")
                .asBoolean();
    }

    /** Opens the lock that wrong passwords brought, and forgets them. */
    public void unlock(UUID user) {
        expect(admin(HttpMethod.DELETE, LOCKS + user, null), 204);
    }

    /** By what a person may come in; empty when there is no such person any more. */
    public Optional<LoginMeans> loginMeans(UUID user) {
        Reply reply = expect(admin(HttpMethod.GET, USERS + user, null), 200, 404);
        if (reply.status() == 404) {
            return Optional.empty();
        }
        Instant madeAt =
                Instant.ofEpochMilli(parse(reply).path("createdTimestamp").asLong());
        Instant passwordSetAt = null;
        for (JsonNode credential : credentials(user)) {
            if (isPassword(credential)) {
                passwordSetAt =
                        Instant.ofEpochMilli(credential.path("createdDate").asLong());
            }
        }
        return Optional.of(new LoginMeans(madeAt, passwordSetAt, providers(user)));
    }

    /** Removes every one-time code and passkey of a person, and the password unless it is to be kept. */
    public void removeCredentials(UUID user, boolean keepPassword) {
        for (JsonNode credential : credentials(user)) {
            if (!keepPassword || !isPassword(credential)) {
                String id = credential.path("id").asText();
                expect(admin(HttpMethod.DELETE, USERS + user + "/credentials/" + id, null), 204, 404);
            }
        }
    }

    /** Ends that a person may come in by identity providers, until one is linked anew. */
    public void unlinkProviders(UUID user) {
        for (String alias : providers(user)) {
            expect(admin(HttpMethod.DELETE, USERS + user + FEDERATED + "/" + encode(alias), null), 204, 404);
        }
    }

    private JsonNode credentials(UUID user) {
        return parse(expect(admin(HttpMethod.GET, USERS + user + "/credentials", null), 200));
    }

    private static boolean isPassword(JsonNode credential) {
        return "password".equals(credential.path("type").asText());
    }

    private Set<String> providers(UUID user) {
        Set<String> aliases = new LinkedHashSet<>();
        for (JsonNode link : parse(expect(admin(HttpMethod.GET, USERS + user + FEDERATED, null), 200))) {
            aliases.add(link.path("identityProvider").asText());
        }
        return aliases;
    }

    /** The settings of an identity provider of the realm; empty when there is none of that alias. */
    public Optional<ObjectNode> identityProvider(String alias) {
        Reply reply = expect(admin(HttpMethod.GET, "/identity-provider/instances/" + encode(alias), null), 200, 404);
        return reply.status() == 404 ? Optional.empty() : Optional.of((ObjectNode) parse(reply));
    }

    /** Changes the settings of an identity provider. */
    public void changeIdentityProvider(String alias, ObjectNode settings) {
        expect(admin(HttpMethod.PUT, "/identity-provider/instances/" + encode(alias), settings), 204);
    }

    private static Reply expect(Reply reply, Integer... statuses) {
        if (!List.of(statuses).contains(reply.status())) {
            throw failed(reply);
        }
        return reply;
    }

    /** Whether a user runs the platform. */
    public boolean isPlatformAdmin(UUID user) {
        Reply reply = expect(admin(HttpMethod.GET, "/users/" + user + "/role-mappings/realm", null), 200, 404);
        if (reply.status() == 404) {
            return false;
        }
        for (JsonNode role : parse(reply)) {
            if (PLATFORM_ADMIN.equals(role.path("name").asText())) {
                return true;
            }
        }
        return false;
    }

    /** Deletes a user with all sessions and credentials; one that is gone already is no error. */
    public void deleteUser(UUID user) {
        expect(admin(HttpMethod.DELETE, "/users/" + user, null), 204, 404);
    }

    /** Keycloak keeps a first and a last name without signs that mean something in mark-up; the account keeps the name as given. */
    static Map<String, String> names(String name) {
        String safe = REFUSED_IN_NAMES.matcher(name).replaceAll(" ").strip().replaceAll("\\s+", " ");
        String whole = safe.length() > LONGEST_NAME ? safe.substring(0, LONGEST_NAME) : safe;
        int gap = whole.lastIndexOf(' ');
        return gap < 0
                ? Map.of("firstName", whole)
                : Map.of("firstName", whole.substring(0, gap), "lastName", whole.substring(gap + 1));
    }

    private Grant grant(Map<String, String> form) {
        Reply reply = post(endpoint("token"), withClient(form));
        if (reply.status() == 200) {
            JsonNode tokens = parse(reply);
            return new Grant.Granted(new KeycloakTokens(
                    tokens.path("access_token").asText(),
                    tokens.path("refresh_token").asText(),
                    tokens.path("id_token").asText(null),
                    tokens.path("expires_in").asLong(),
                    tokens.path("refresh_expires_in").asLong()));
        }
        if (reply.status() == 400 || reply.status() == 401) {
            JsonNode refusal = parse(reply);
            if (refusal.path("error").asText().endsWith("_client")) {
                throw new IllegalStateException("Keycloak does not accept the client " + config.clientId()
                        + ": check PARLEY_KEYCLOAK_CLIENT_ID and PARLEY_KEYCLOAK_CLIENT_SECRET");
            }
            return new Grant.Refused(
                    REUSED.matcher(refusal.path("error_description").asText()).find());
        }
        throw failed(reply);
    }

    private Map<String, String> withClient(Map<String, String> form) {
        Map<String, String> whole = new LinkedHashMap<>(form);
        whole.put("client_id", config.clientId());
        whole.put("client_secret", config.clientSecret());
        return whole;
    }

    private Reply admin(HttpMethod method, String path, Object body) {
        URI target = URI.create(config.url() + "/admin/realms/" + config.realm() + path);
        Buffer content = body == null ? Buffer.buffer() : Buffer.buffer(write(body));
        AdminToken token = adminToken();
        Reply reply = exchange(method, target, adminHeaders(token), content);
        if (reply.status() == 401) {
            // Keycloak was restarted with another key, or the account's session was ended: ask once more
            adminToken.compareAndSet(token, new AdminToken("", Instant.EPOCH));
            reply = exchange(method, target, adminHeaders(adminToken()), content);
        }
        return reply;
    }

    private static Map<String, String> adminHeaders(AdminToken token) {
        return Map.of("Authorization", "Bearer " + token.value(), "Content-Type", JSON);
    }

    private AdminToken adminToken() {
        AdminToken known = adminToken.get();
        if (clock.instant().isBefore(known.renewAt())) {
            return known;
        }
        Reply reply = post(
                endpoint("token"),
                Map.of(
                        "grant_type", "client_credentials",
                        "client_id", config.adminClientId(),
                        "client_secret", config.adminClientSecret()));
        if (reply.status() == 400 || reply.status() == 401) {
            throw new IllegalStateException("Keycloak does not accept the client " + config.adminClientId()
                    + ": check PARLEY_KEYCLOAK_ADMIN_CLIENT_ID and PARLEY_KEYCLOAK_ADMIN_CLIENT_SECRET");
        }
        if (reply.status() != 200) {
            throw failed(reply);
        }
        JsonNode answer = parse(reply);
        AdminToken fresh = new AdminToken(
                answer.path("access_token").asText(),
                clock.instant().plusSeconds(answer.path("expires_in").asLong() - RENEW_BEFORE_SECONDS));
        adminToken.set(fresh);
        return fresh;
    }

    private Reply post(URI target, Map<String, String> form) {
        String body = form.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
        return exchange(HttpMethod.POST, target, Map.of("Content-Type", FORM), Buffer.buffer(body));
    }

    private Reply exchange(HttpMethod method, URI target, Map<String, String> headers, Buffer body) {
        long millis = config.timeout().toMillis();
        RequestOptions request = new RequestOptions()
                .setAbsoluteURI(target.toString())
                .setMethod(method)
                .setTimeout(millis)
                .setHeaders(MultiMap.caseInsensitiveMultiMap().addAll(headers).add("Accept", JSON));
        try {
            return http.request(request)
                    .compose(open -> {
                        // before it is sent: Vert.x drops what arrives before its handler
                        Future<Reply> reply = open.response().compose(answer -> answer.body()
                                .map(content -> new Reply(answer.statusCode(), content)));
                        open.send(body);
                        return reply;
                    })
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw CommonProblem.unavailable("the identity provider", interrupted);
        } catch (ExecutionException | TimeoutException unreachable) {
            throw CommonProblem.unavailable("the identity provider", unreachable);
        }
    }

    private static Problem failed(Reply reply) {
        return CommonProblem.unavailable(
                "the identity provider", new IOException("Keycloak answered " + reply.status()));
    }

    private JsonNode parse(Reply reply) {
        try {
            return json.readTree(reply.body().getBytes());
        } catch (IOException notJson) {
            throw CommonProblem.unavailable("the identity provider", notJson);
        }
    }

    private byte[] write(Object body) {
        try {
            return json.writeValueAsBytes(body);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("cannot write a request to Keycloak", impossible);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private record Reply(int status, Buffer body) {}

    private record AdminToken(String value, Instant renewAt) {}
}
