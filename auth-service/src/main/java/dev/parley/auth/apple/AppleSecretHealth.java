package dev.parley.auth.apple;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Shows how long Apple's client secret still works. It never makes the service unready: all other logins go on. */
@Readiness
@ApplicationScoped
class AppleSecretHealth implements HealthCheck {
    private final AppleSecretFlow secret;

    AppleSecretHealth(AppleSecretFlow secret) {
        this.secret = secret;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder health =
                HealthCheckResponse.named("apple-client-secret").up();
        if (secret.isOn()) {
            health.withData("remaining_days", secret.remaining().toDays());
            health.withData("alarm", secret.isAlarming());
        } else {
            health.withData("configured", false);
        }
        return health.build();
    }
}
