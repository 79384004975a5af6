package dev.parley.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings Keycloak's realm to what a document says. What is there already is changed, never made anew: people stay logged
 * in, and applying the same document twice changes nothing. The launcher and the Kubernetes job both go this way.
 */
final class Realm {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(PARLEY_[A-Z_]+)}");
    private static final List<String> PARTS_OF_THEIR_OWN = List.of(
            "clients",
            "users",
            "roles",
            "scopeMappings",
            "components",
            "requiredActions",
            "identityProviders",
            "identityProviderMappers");
    private static final String USER_PROFILE = "org.keycloak.userprofile.UserProfileProvider";
    private static final String SECRET = "clientSecret";
    private static final String MASKED = "**********";

    private final JsonHttp http;
    private final String adminClient;
    private final String adminSecret;
    private final ObjectNode document;
    private final String path;
    private Map<String, String> login = Map.of();

    /**
     * A realm to be.
     *
     * @param adminClient a client of the master realm whose service account may create realms
     */
    Realm(JsonHttp http, String adminClient, String adminSecret, ObjectNode document) {
        this.http = http;
        this.adminClient = adminClient;
        this.adminSecret = adminSecret;
        this.document = document;
        this.path = "/admin/realms/" + document.path("realm").asText();
    }

    /** The document with every {@code ${PARLEY_…}} in it replaced; a setting that is not given is named and refused. */
    static ObjectNode document(String text, Map<String, String> settings) {
        String filled = PLACEHOLDER.matcher(text).replaceAll(found -> {
            String value = settings.get(found.group(1));
            if (value == null) {
                throw new StackFailure("the realm needs the setting " + found.group(1));
            }
            return Matcher.quoteReplacement(quoted(value));
        });
        try {
            return (ObjectNode) JsonHttp.JSON.readTree(filled);
        } catch (IOException e) {
            throw new StackFailure("the realm document is no JSON: " + e.getMessage(), e);
        }
    }

    /** What the document needs beyond addresses and secrets: each switch follows from the setting that it switches. */
    static Map<String, String> withSwitches(Map<String, String> given) {
        Map<String, String> settings = new HashMap<>(given);
        for (String optional : List.of(
                "PARLEY_GOOGLE_CLIENT_ID",
                "PARLEY_GOOGLE_CLIENT_SECRET",
                "PARLEY_APPLE_CLIENT_ID",
                "PARLEY_SMTP_USER",
                "PARLEY_SMTP_PASSWORD")) {
            settings.putIfAbsent(optional, "");
        }
        String tls = settings.getOrDefault("PARLEY_SMTP_TLS", "starttls");
        settings.put("PARLEY_SMTP_AUTH", isGiven(settings, "PARLEY_SMTP_USER"));
        settings.put("PARLEY_SMTP_STARTTLS", Boolean.toString(tls.equals("starttls")));
        settings.put("PARLEY_SMTP_SSL", Boolean.toString(tls.equals("tls")));
        settings.put("PARLEY_GOOGLE_ENABLED", isGiven(settings, "PARLEY_GOOGLE_CLIENT_ID"));
        settings.put("PARLEY_APPLE_ENABLED", isGiven(settings, "PARLEY_APPLE_CLIENT_ID"));
        return settings;
    }

    private static String isGiven(Map<String, String> settings, String name) {
        return Boolean.toString(!settings.get(name).isBlank());
    }

    private static String quoted(String value) {
        try {
            String json = JsonHttp.JSON.writeValueAsString(value);
            return json.substring(1, json.length() - 1);
        } catch (IOException impossible) {
            throw new StackFailure("a setting cannot be written as JSON", impossible);
        }
    }

    /** Creates or changes the realm. */
    void apply() {
        login = login();
        if (send("GET", "", null).expecting("GET realm", 200, 404).status() == 404) {
            ObjectNode empty = JsonHttp.JSON.createObjectNode();
            empty.put("realm", document.path("realm").asText()).put("enabled", true);
            http.send("POST", "/admin/realms", empty, login).expecting("POST realm", 201);
            // The rights over a realm exist only in tokens issued after the realm.
            login = login();
        }
        ObjectNode settings = document.deepCopy().remove(PARTS_OF_THEIR_OWN);
        send("PUT", "", settings).expecting("PUT realm", 204);
        applyUserProfile();
        document.path("requiredActions").forEach(this::applyRequiredAction);
        document.path("roles").path("realm").forEach(role -> send("POST", "/roles", role)
                .expecting("POST role", 201, 409));
        document.path("clients").forEach(this::applyClient);
        document.path("scopeMappings").forEach(this::applyScopeMapping);
        document.path("users").forEach(this::applyServiceAccount);
        document.path("identityProviders").forEach(this::applyIdentityProvider);
        document.path("identityProviderMappers")
                .forEach(mapper -> applyByName(
                        "/identity-provider/instances/"
                                + mapper.path("identityProviderAlias").asText() + "/mappers",
                        mapper));
    }

    /** Gives a person with a verified address, a password and a realm role an account, unless there is one. */
    void ensurePerson(String email, String password, String firstName, String lastName, String realmRole) {
        Map<String, Object> person = Map.of(
                "username", email,
                "email", email,
                "emailVerified", true,
                "firstName", firstName,
                "lastName", lastName,
                "enabled", true,
                "credentials", List.of(Map.of("type", "password", "value", password, "temporary", false)));
        send("POST", "/users", person).expecting("POST user", 201, 409);
        String id = get("/users?exact=true&email=" + URLEncoder.encode(email, StandardCharsets.UTF_8))
                .path(0)
                .path("id")
                .asText();
        send("POST", "/users/" + id + "/role-mappings/realm", List.of(get("/roles/" + realmRole)))
                .expecting("POST role mapping", 204);
    }

    private void applyUserProfile() {
        JsonNode config = document.path("components")
                .path(USER_PROFILE)
                .path(0)
                .path("config")
                .path("kc.user.profile.config")
                .path(0);
        if (!config.isMissingNode()) {
            send("PUT", "/users/profile", read(config.asText())).expecting("PUT user profile", 200);
        }
    }

    private void applyRequiredAction(JsonNode wanted) {
        String action =
                "/authentication/required-actions/" + wanted.path("alias").asText();
        ObjectNode known = (ObjectNode) get(action);
        send("PUT", action, known.setAll((ObjectNode) wanted)).expecting("PUT required action", 204);
    }

    private void applyClient(JsonNode wanted) {
        String id = clientId(wanted.path("clientId").asText());
        if (id == null) {
            send("POST", "/clients", wanted).expecting("POST client", 201);
        } else {
            send("PUT", "/clients/" + id, wanted).expecting("PUT client", 204);
            wanted.path("protocolMappers")
                    .forEach(mapper -> applyByName("/clients/" + id + "/protocol-mappers/models", mapper));
        }
    }

    private void applyScopeMapping(JsonNode wanted) {
        ArrayNode roles = JsonHttp.JSON.createArrayNode();
        wanted.path("roles").forEach(role -> roles.add(get("/roles/" + role.asText())));
        String client = clientId(wanted.path("client").asText());
        send("POST", "/clients/" + client + "/scope-mappings/realm", roles).expecting("POST scope mapping", 204);
    }

    private void applyServiceAccount(JsonNode wanted) {
        String account = clientId(wanted.path("serviceAccountClientId").asText());
        String user =
                get("/clients/" + account + "/service-account-user").path("id").asText();
        wanted.path("clientRoles").properties().forEach(entry -> {
            String client = clientId(entry.getKey());
            ArrayNode roles = JsonHttp.JSON.createArrayNode();
            entry.getValue().forEach(role -> roles.add(get("/clients/" + client + "/roles/" + role.asText())));
            send("POST", "/users/" + user + "/role-mappings/clients/" + client, roles)
                    .expecting("POST role mapping", 204);
        });
    }

    /** A secret that the document does not name, such as Apple's, which auth-service makes, stays as it is. */
    private void applyIdentityProvider(JsonNode wanted) {
        String provider = "/identity-provider/instances/" + wanted.path("alias").asText();
        JsonNode known = send("GET", provider, null)
                .expecting("GET identity provider", 200, 404)
                .body();
        if (!known.has("alias")) {
            send("POST", "/identity-provider/instances", wanted).expecting("POST identity provider", 201);
            return;
        }
        ObjectNode changed = ((ObjectNode) known).deepCopy();
        ObjectNode config = (ObjectNode) known.path("config").deepCopy();
        config.setAll((ObjectNode) wanted.path("config"));
        if (!wanted.path("config").has(SECRET)) {
            config.put(SECRET, MASKED);
        }
        changed.setAll((ObjectNode) wanted);
        changed.set("config", config);
        send("PUT", provider, changed).expecting("PUT identity provider", 204);
    }

    private void applyByName(String collection, JsonNode wanted) {
        for (JsonNode known : get(collection)) {
            if (known.path("name").equals(wanted.path("name"))) {
                ObjectNode changed = ((ObjectNode) known).deepCopy();
                changed.setAll((ObjectNode) wanted);
                send("PUT", collection + "/" + known.path("id").asText(), changed)
                        .expecting("PUT " + collection, 204);
                return;
            }
        }
        send("POST", collection, wanted).expecting("POST " + collection, 201);
    }

    private String clientId(String name) {
        JsonNode found = get("/clients?clientId=" + name);
        return found.isEmpty() ? null : found.get(0).path("id").asText();
    }

    private JsonNode get(String resource) {
        return send("GET", resource, null).expecting("GET " + resource, 200).body();
    }

    private JsonHttp.Answer send(String method, String resource, Object body) {
        return http.send(method, path + resource, body, login);
    }

    private Map<String, String> login() {
        JsonNode token = http.sendForm(
                        "/realms/master/protocol/openid-connect/token",
                        "grant_type=client_credentials&client_id=%s&client_secret=%s"
                                .formatted(
                                        URLEncoder.encode(adminClient, StandardCharsets.UTF_8),
                                        URLEncoder.encode(adminSecret, StandardCharsets.UTF_8)))
                .expecting("the login to Keycloak as " + adminClient, 200)
                .body();
        return Map.of("Authorization", "Bearer " + token.path("access_token").asText());
    }

    private static JsonNode read(String json) {
        try {
            return JsonHttp.JSON.readTree(json);
        } catch (IOException e) {
            throw new StackFailure("the user profile in the realm document is no JSON", e);
        }
    }
}
