package dev.parley.local;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;

/** The realm of a local stack: deploy/keycloak's document with this stack's addresses, and the demo's platform admin. */
final class LocalRealm {
    static final String LAUNCHER_CLIENT = "parley-launcher";
    static final String LAUNCHER_SECRET = "keycloak.launcher";
    static final String WEB_CLIENT = "parley-web";
    static final String WEB_SECRET = "keycloak.parley-web";
    static final String ADMIN_CLIENT = "parley-auth-service";
    static final String ADMIN_SECRET = "keycloak.parley-auth-service";
    static final String PLATFORM_ADMIN_EMAIL = "admin@parley.local";
    static final String PLATFORM_ADMIN_PASSWORD = "parley-platform-admin";

    private final StackSettings stack;

    LocalRealm(StackSettings stack) {
        this.stack = stack;
    }

    /** Brings the running Keycloak's realm up to date. */
    void ensure() {
        try (JsonHttp http = new JsonHttp(stack.url(Part.KEYCLOAK))) {
            String text = Files.readString(stack.checkout().realm());
            Realm realm = new Realm(
                    http,
                    LAUNCHER_CLIENT,
                    stack.secrets().get(LAUNCHER_SECRET),
                    Realm.document(text, Realm.withSwitches(settings())));
            realm.apply();
            realm.ensurePerson(PLATFORM_ADMIN_EMAIL, PLATFORM_ADMIN_PASSWORD, "Platform", "Admin", "platform-admin");
        } catch (IOException e) {
            throw new StackFailure(stack.checkout().realm() + " cannot be read", e);
        }
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(System.getenv());
        settings.putAll(MailSettings.from(stack, System.getenv()));
        settings.put("PARLEY_PUBLIC_URL", stack.publicUrl());
        settings.put("PARLEY_AUTH_URL", stack.url(Part.AUTH_SERVICE));
        settings.put("PARLEY_KEYCLOAK_CLIENT_SECRET", stack.secrets().get(WEB_SECRET));
        settings.put("PARLEY_KEYCLOAK_ADMIN_CLIENT_SECRET", stack.secrets().get(ADMIN_SECRET));
        return settings;
    }
}
