package dev.parley.billing.crash;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;
import java.util.Set;

/** The service with a database connection that can die, in which nothing happens but what the test does. */
public class CrashProfile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "parley.events.enabled", "false",
                "parley.outbox.enabled", "false",
                "parley.mail.enabled", "false",
                "parley.keys.enabled", "false",
                "billing.webhook.worker.enabled", "false",
                // A process that dies in mid-sentence says so hundreds of times.
                "quarkus.log.level", "OFF");
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(MortalDatabase.class);
    }
}
