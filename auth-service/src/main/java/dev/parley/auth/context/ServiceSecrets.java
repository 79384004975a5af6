package dev.parley.auth.context;

import dev.parley.auth.identity.SecretText;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;

/** Knows the services of Parley by their secrets, of which only hashes are kept in memory. */
@Startup
@ApplicationScoped
class ServiceSecrets {
    private static final byte[] NOBODY = SecretText.random().sha256();

    private final Map<String, byte[]> hashes;

    ServiceSecrets(ContextConfig config) {
        this.hashes = parse(config.serviceSecrets());
        this.hashes.putIfAbsent(config.ownName(), new SecretText(config.ownSecret()).sha256());
    }

    /** Whether the secret is that of the service; takes the same time for every answer. */
    boolean prove(String service, String secret) {
        return new SecretText(secret).matches(hashes.getOrDefault(service, NOBODY));
    }

    static Map<String, byte[]> parse(String setting) {
        Map<String, byte[]> hashes = new HashMap<>();
        for (String entry : setting.split(",")) {
            int equals = entry.indexOf('=');
            if (equals < 1 || equals == entry.length() - 1) {
                throw new IllegalStateException(
                        "PARLEY_SERVICE_SECRETS must be name=secret,name=secret,… with a secret for each name");
            }
            hashes.put(
                    entry.substring(0, equals).strip(),
                    new SecretText(entry.substring(equals + 1).strip()).sha256());
        }
        return hashes;
    }
}
