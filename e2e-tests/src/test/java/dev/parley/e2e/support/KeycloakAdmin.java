package dev.parley.e2e.support;

import dev.parley.e2e.support.Api.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;

/** Keycloak's admin API with the launcher's rights, for what an operator would configure. */
public final class KeycloakAdmin {
    private KeycloakAdmin() {}

    /** A caller of Keycloak that may change realms; its paths begin with {@code /admin/realms}. */
    public static Api api() {
        Properties secrets = new Properties();
        Path file = Stack.running().dataDirectory().resolve("secrets.properties");
        try (var reader = Files.newBufferedReader(file)) {
            secrets.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String form = "grant_type=client_credentials&client_id=parley-launcher&client_secret="
                + URLEncoder.encode(secrets.getProperty("keycloak.launcher"), StandardCharsets.UTF_8);
        Answer token = Api.of(Stack.running().keycloakUrl())
                .raw(
                        "POST",
                        "/realms/master/protocol/openid-connect/token",
                        form.getBytes(StandardCharsets.UTF_8),
                        "application/x-www-form-urlencoded")
                .expect(200);
        return Api.of(Stack.running().keycloakUrl()).with("Authorization", "Bearer " + token.text("access_token"));
    }

    /** Sets one attribute of the realm and returns what it was. */
    public static String attribute(String name, String value) {
        Api admin = api();
        String before = admin.get("/admin/realms/parley").expect(200).text("/attributes/" + name.replace("/", "~1"));
        admin.put("/admin/realms/parley", Map.of("attributes", Map.of(name, value)))
                .expect(204);
        return before;
    }

    /** Makes another member of Parley's staff with that password, and returns the address to log in with. */
    public static String newPlatformAdmin(String password) {
        Api admin = api();
        String email = "staff-" + UUID.randomUUID() + "@parley.local";
        String location = admin.post(
                        "/admin/realms/parley/users",
                        Map.of(
                                "username",
                                email,
                                "email",
                                email,
                                "firstName",
                                "Second",
                                "lastName",
                                "Admin",
                                "enabled",
                                true,
                                "emailVerified",
                                true,
                                "credentials",
                                List.of(Map.of("type", "password", "value", password, "temporary", false))))
                .expect(201)
                .header("Location");
        String id = location.substring(location.lastIndexOf('/') + 1);
        String role = admin.get("/admin/realms/parley/roles/platform-admin")
                .expect(200)
                .raw();
        admin.post("/admin/realms/parley/users/" + id + "/role-mappings/realm", "[" + role + "]")
                .expect(204);
        return email;
    }
}
