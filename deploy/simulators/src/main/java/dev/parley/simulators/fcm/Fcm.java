package dev.parley.simulators.fcm;

import dev.parley.simulators.exchange.Endpoint;
import dev.parley.simulators.exchange.RandomIds;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Firebase projects with their keys and devices; forgotten when the process ends. */
public final class Fcm {
    static final long TOKEN_SECONDS = 3599;
    private static final long SKEW = 60;
    private static final long LONGEST = 3600;
    /** Google's own addresses, which its clients name and cannot be told otherwise. */
    private static final Set<String> GOOGLE =
            Set.of("https://oauth2.googleapis.com/token", "https://www.googleapis.com/oauth2/v4/token");

    private static final Set<String> SCOPES = Set.of(
            "https://www.googleapis.com/auth/firebase.messaging", "https://www.googleapis.com/auth/cloud-platform");
    private static final Set<String> STATES = Set.of("well", "unregistered", "elsewhere", "no-apns-key");
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{4,28}[a-z0-9]");

    private record Grant(String project, long until) {}

    private final Clock clock;
    private final String tokenUrl;
    private final RandomIds ids = new RandomIds();
    private final Map<String, Project> projects = new HashMap<>();
    private final Map<String, Grant> grants = new HashMap<>();
    private final FcmEndpoint endpoint;

    /** The vendor whose tokens are had at {@code <own address>/fcm/token}. */
    public Fcm(Clock clock, String ownUrl) {
        this.clock = clock;
        this.tokenUrl = ownUrl + "/fcm/token";
        this.endpoint = new FcmEndpoint(this, ids);
    }

    /** The API. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** Makes a project, or a new key of one that there is; returns the key's file as the console gives it. */
    public JsonObject keyFile(String project) {
        if (!ID.matcher(project).matches()) {
            throw new IllegalArgumentException("a project has 6 to 30 of a-z 0-9 -, and begins with a letter");
        }
        return projects.computeIfAbsent(project, Project::new).newKeyFile(ids.next("", 40), tokenUrl);
    }

    /** Says what became of an app: well, unregistered, elsewhere (of another sender) or no-apns-key. */
    public void device(String project, String token, String state) {
        if (!STATES.contains(state)) {
            throw new IllegalArgumentException("state must be one of " + STATES);
        }
        existing(project).device(token, state);
    }

    /** What was sent, oldest first; of all devices when the token is null. */
    public List<JsonObject> sent(String project, String token) {
        return existing(project).sent(token);
    }

    /** Ends all access tokens before their time. */
    public void endTokens() {
        grants.clear();
    }

    private Project existing(String id) {
        Project project = projects.get(id);
        if (project == null) {
            throw new IllegalArgumentException("there is no project " + id);
        }
        return project;
    }

    /**
     * An access token for a signed assertion (RFC 7523).
     *
     * @throws IllegalArgumentException with what Google says of an assertion that is none
     */
    String grant(String assertion) {
        String[] parts = assertion.split("\\.", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("Invalid JWT: must have three parts.");
        }
        JsonObject head = part(parts[0]);
        JsonObject claims = part(parts[1]);
        Project project = projects.values().stream()
                .filter(known -> known.email().equals(claims.getString("iss")))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Invalid grant: account not found"));
        String name = claims.getString("iss").split("[@.]")[1];
        if (!"RS256".equals(head.getString("alg")) || !signed(parts, project.key(head.getString("kid")))) {
            throw new IllegalArgumentException("Invalid JWT Signature.");
        }
        long now = clock.instant().getEpochSecond();
        long issued = claims.getLong("iat", 0L);
        long ends = claims.getLong("exp", 0L);
        if (issued > now + SKEW || ends <= now - SKEW || ends - issued > LONGEST) {
            throw new IllegalArgumentException(
                    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.");
        }
        String audience = claims.getString("aud", "");
        if (!audience.equals(tokenUrl) && !GOOGLE.contains(audience)) {
            throw new IllegalArgumentException("Invalid JWT: Failed audience check.");
        }
        if (SCOPES.stream().noneMatch(List.of(claims.getString("scope", "").split(" "))::contains)) {
            throw new IllegalArgumentException("Invalid scope: no scope of Firebase Cloud Messaging.");
        }
        String token = ids.next("ya29.", 60);
        grants.put(token, new Grant(name, now + TOKEN_SECONDS));
        return token;
    }

    private static JsonObject part(String encoded) {
        try {
            return new JsonObject(new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8));
        } catch (RuntimeException broken) {
            throw new IllegalArgumentException("Invalid JWT: parts must be Base64 of JSON.", broken);
        }
    }

    private static boolean signed(String[] parts, PublicKey key) {
        if (key == null) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key);
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
        } catch (GeneralSecurityException | IllegalArgumentException broken) {
            return false;
        }
    }

    /** The project that a token opens, if it is that one. */
    Project authorized(String token, String id) {
        Grant grant = token == null ? null : grants.get(token);
        if (grant == null || grant.until() <= clock.instant().getEpochSecond()) {
            throw FcmProblem.of(
                    401,
                    "UNAUTHENTICATED",
                    null,
                    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or"
                            + " other valid authentication credential.");
        }
        if (!grant.project().equals(id)) {
            throw FcmProblem.of(
                    403,
                    "PERMISSION_DENIED",
                    null,
                    "Permission 'cloudmessaging.messages.create' denied on resource"
                            + " '//cloudresourcemanager.googleapis.com/projects/" + id + "' (or it may not exist).");
        }
        return projects.get(id);
    }
}
