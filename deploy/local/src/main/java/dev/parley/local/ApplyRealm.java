package dev.parley.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Applies a realm document to any Keycloak, with the settings of the environment: what the Kubernetes job runs. */
public final class ApplyRealm {
    private ApplyRealm() {}

    /** Takes the document's path as its only argument; ends with 1 and one sentence when the realm cannot be applied. */
    public static void main(String[] arguments) {
        System.Logger log = System.getLogger("realm");
        Map<String, String> environment = System.getenv();
        try (JsonHttp http = new JsonHttp(setting(environment, "PARLEY_KEYCLOAK_URL"))) {
            new Realm(
                            http,
                            setting(environment, "PARLEY_KEYCLOAK_REALM_ADMIN_CLIENT_ID"),
                            setting(environment, "PARLEY_KEYCLOAK_REALM_ADMIN_CLIENT_SECRET"),
                            Realm.document(Files.readString(Path.of(arguments[0])), Realm.withSwitches(environment)))
                    .apply();
            log.log(System.Logger.Level.INFO, "the realm is as {0} says", arguments[0]);
        } catch (IOException | StackFailure failed) {
            log.log(System.Logger.Level.ERROR, "the realm was not applied: {0}", failed.getMessage());
            System.exit(1);
        }
    }

    private static String setting(Map<String, String> environment, String name) {
        String value = environment.get(name);
        if (value == null || value.isBlank()) {
            throw new StackFailure(name + " is not set");
        }
        return value;
    }
}
