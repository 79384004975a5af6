package dev.parley.auth.apple;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.auth.outbound.KeycloakClient;
import dev.parley.platform.problem.Problem;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Replaces Apple's client secret at Keycloak long before it ends. When the secret ends nobody signs in with Apple any
 * more, so a rotation that keeps failing is an alarm weeks ahead: an ERROR in the log, the gauge
 * {@code auth.apple.secret.remaining}, and a detail of the health answer.
 */
@ApplicationScoped
class AppleSecretFlow {
    private static final Logger LOG = Logger.getLogger(AppleSecretFlow.class);
    private static final String ALIAS = "apple";
    // Keycloak shows no secret again; next to it stands when it ends.
    private static final String EXPIRES_AT = "parleySecretExpiresAt";

    private final KeycloakClient keycloak;
    private final AppleConfig config;
    private final MeterRegistry metrics;
    private final Clock clock;
    private volatile Instant expiresAt = Instant.EPOCH;

    AppleSecretFlow(KeycloakClient keycloak, AppleConfig config, MeterRegistry metrics, Clock clock) {
        this.keycloak = keycloak;
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
    }

    void register(@Observes StartupEvent event) {
        if (isOn()) {
            Gauge.builder("auth.apple.secret.remaining", () -> remaining().toSeconds())
                    .description("Until Apple's client secret ends")
                    .baseUnit("seconds")
                    .register(metrics);
        }
    }

    boolean isOn() {
        return config.clientId().isPresent();
    }

    /** How long the present secret still works; nothing or less when there is none. */
    Duration remaining() {
        return Duration.between(clock.instant(), expiresAt);
    }

    boolean isAlarming() {
        return isOn() && remaining().compareTo(config.alarmBefore()) < 0;
    }

    @Scheduled(
            every = "6h",
            delayed = "20s",
            identity = "apple-secret",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void rotate() {
        if (!isOn()) {
            return;
        }
        try {
            Optional<ObjectNode> provider = keycloak.identityProvider(ALIAS);
            provider.ifPresent(this::rotate);
            if (provider.isEmpty()) {
                LOG.error("the realm has no identity provider apple: apply deploy/keycloak/realm-parley.json");
            }
        } catch (Problem | IllegalStateException failed) {
            LOG.warn("Apple's client secret was not looked after", failed);
        }
        if (isAlarming()) {
            LOG.errorf(
                    "Apple's client secret ends in %d days and could not be replaced: nobody signs in with Apple after",
                    Math.max(0, remaining().toDays()));
        }
    }

    private void rotate(ObjectNode provider) {
        ObjectNode settings = (ObjectNode) provider.path("config");
        expiresAt = expiry(settings);
        if (remaining().compareTo(config.renewBefore()) >= 0) {
            return;
        }
        Instant now = clock.instant();
        Instant end = now.plus(config.lifetime());
        settings.put("clientSecret", secret().sign(now, end));
        settings.put(EXPIRES_AT, end.toString());
        keycloak.changeIdentityProvider(ALIAS, provider);
        expiresAt = end;
        LOG.info("Apple's client secret was replaced");
    }

    private AppleClientSecret secret() {
        return new AppleClientSecret(
                config.teamId().orElseThrow(() -> missing("PARLEY_APPLE_TEAM_ID")),
                config.keyId().orElseThrow(() -> missing("PARLEY_APPLE_KEY_ID")),
                config.clientId().orElseThrow(),
                AppleClientSecret.read(config.privateKey().orElseThrow(() -> missing("PARLEY_APPLE_PRIVATE_KEY"))));
    }

    private static IllegalStateException missing(String setting) {
        return new IllegalStateException(setting + " is not set");
    }

    private static Instant expiry(ObjectNode settings) {
        try {
            return Instant.parse(settings.path(EXPIRES_AT).asText());
        } catch (DateTimeParseException none) {
            return Instant.EPOCH;
        }
    }
}
