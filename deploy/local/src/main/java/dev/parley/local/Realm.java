package dev.parley.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Brings Keycloak's realm to what deploy/keycloak says, and adds the platform admin of the local profile. */
final class Realm {
    static final String LAUNCHER_CLIENT = "parley-launcher";
    static final String LAUNCHER_SECRET = "keycloak.launcher";
    static final String WEB_CLIENT = "parley-web";
    static final String WEB_SECRET = "keycloak.parley-web";
    static final String ADMIN_CLIENT = "parley-auth-service";
    static final String ADMIN_SECRET = "keycloak.parley-auth-service";
    static final String PLATFORM_ADMIN_EMAIL = "admin@parley.local";
    static final String PLATFORM_ADMIN_PASSWORD = "parley-platform-admin";
    private static final String PLATFORM_ADMIN_ROLE = "platform-admin";
    private static final String REALM_PATH = "/admin/realms/" + StackSettings.REALM;
    private static final List<String> PARTS_OF_THEIR_OWN = List.of("clients", "users", "roles", "scopeMappings");

    private final StackSettings stack;

    Realm(StackSettings stack) {
        this.stack = stack;
    }

    /** Creates the realm, or updates it when the file or an address in it has changed since. */
    void ensure() {
        String wanted = rendered();
        Path applied = stack.data().root().resolve("keycloak").resolve("realm.applied");
        try {
            String fingerprint = fingerprint(wanted);
            if (Files.exists(applied) && Files.readString(applied).equals(fingerprint)) {
                return;
            }
            try (JsonHttp http = new JsonHttp(stack.url(Part.KEYCLOAK))) {
                apply(http, (ObjectNode) JsonHttp.JSON.readTree(wanted));
            }
            Files.writeString(applied, fingerprint);
        } catch (IOException e) {
            throw new StackFailure("Keycloak: the realm cannot be made: " + e.getMessage(), e);
        }
    }

    /** The realm file with this stack's addresses and secrets in it. */
    private String rendered() {
        try {
            String text = Files.readString(stack.checkout().realm());
            for (Map.Entry<String, String> setting : settings().entrySet()) {
                text = text.replace("${" + setting.getKey() + "}", setting.getValue());
            }
            return text;
        } catch (IOException e) {
            throw new StackFailure(stack.checkout().realm() + " cannot be read", e);
        }
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(MailSettings.from(stack, System.getenv()));
        settings.put("PARLEY_PUBLIC_URL", stack.publicUrl());
        settings.put("PARLEY_KEYCLOAK_CLIENT_SECRET", stack.secrets().get(WEB_SECRET));
        settings.put("PARLEY_KEYCLOAK_ADMIN_CLIENT_SECRET", stack.secrets().get(ADMIN_SECRET));
        settings.put(
                "PARLEY_SMTP_AUTH",
                Boolean.toString(!settings.get("PARLEY_SMTP_USER").isEmpty()));
        String tls = settings.get("PARLEY_SMTP_TLS");
        settings.put("PARLEY_SMTP_STARTTLS", Boolean.toString(tls.equals("starttls")));
        settings.put("PARLEY_SMTP_SSL", Boolean.toString(tls.equals("tls")));
        return settings;
    }

    private void apply(JsonHttp http, ObjectNode realm) {
        Map<String, String> login = login(http);
        if (http.send("GET", REALM_PATH, null, login)
                        .expecting("GET realm", 200, 404)
                        .status()
                == 404) {
            http.send("POST", "/admin/realms", realm, login).expecting("POST realm", 201);
            // The launcher's rights over a realm exist only in tokens issued after the realm.
            login = login(http);
        } else {
            update(http, realm, login);
        }
        ensurePlatformAdmin(http, login);
    }

    private static void update(JsonHttp http, ObjectNode realm, Map<String, String> login) {
        ObjectNode settings = realm.deepCopy().remove(PARTS_OF_THEIR_OWN);
        http.send("PUT", REALM_PATH, settings, login).expecting("PUT realm", 204);
        for (JsonNode role : realm.path("roles").path("realm")) {
            http.send("POST", REALM_PATH + "/roles", role, login).expecting("POST role", 201, 409);
        }
        for (JsonNode client : realm.path("clients")) {
            String clientId = client.path("clientId").asText();
            JsonNode known = http.send("GET", REALM_PATH + "/clients?clientId=" + clientId, null, login)
                    .expecting("GET client", 200)
                    .body();
            if (known.isEmpty()) {
                http.send("POST", REALM_PATH + "/clients", client, login).expecting("POST client", 201);
            } else {
                String id = known.get(0).path("id").asText();
                http.send("PUT", REALM_PATH + "/clients/" + id, client, login).expecting("PUT client", 204);
            }
        }
    }

    private static void ensurePlatformAdmin(JsonHttp http, Map<String, String> login) {
        Map<String, Object> person = Map.of(
                "username",
                PLATFORM_ADMIN_EMAIL,
                "email",
                PLATFORM_ADMIN_EMAIL,
                "emailVerified",
                true,
                "firstName",
                "Platform",
                "lastName",
                "Admin",
                "enabled",
                true,
                "credentials",
                List.of(Map.of("type", "password", "value", PLATFORM_ADMIN_PASSWORD, "temporary", false)));
        http.send("POST", REALM_PATH + "/users", person, login).expecting("POST platform admin", 201, 409);
        String email = URLEncoder.encode(PLATFORM_ADMIN_EMAIL, StandardCharsets.UTF_8);
        String id = http.send("GET", REALM_PATH + "/users?exact=true&email=" + email, null, login)
                .expecting("GET platform admin", 200)
                .body()
                .path(0)
                .path("id")
                .asText();
        JsonNode role = http.send("GET", REALM_PATH + "/roles/" + PLATFORM_ADMIN_ROLE, null, login)
                .expecting("GET role", 200)
                .body();
        http.send("POST", REALM_PATH + "/users/" + id + "/role-mappings/realm", List.of(role), login)
                .expecting("POST role mapping", 204);
    }

    private Map<String, String> login(JsonHttp http) {
        JsonNode token = http.sendForm(
                        "/realms/master/protocol/openid-connect/token",
                        "grant_type=client_credentials&client_id=%s&client_secret=%s"
                                .formatted(LAUNCHER_CLIENT, stack.secrets().get(LAUNCHER_SECRET)))
                .expecting("the launcher's login to Keycloak", 200)
                .body();
        return Map.of("Authorization", "Bearer " + token.path("access_token").asText());
    }

    private static String fingerprint(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("no SHA-256 in this JDK", e);
        }
    }
}
