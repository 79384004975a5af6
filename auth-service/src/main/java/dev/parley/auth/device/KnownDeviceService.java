package dev.parley.auth.device;

import dev.parley.auth.identity.SecretText;
import dev.parley.platform.data.Database;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Remembers from which devices a person logged in. */
@ApplicationScoped
public class KnownDeviceService {
    /** How long a device is remembered after its last login. */
    public static final Duration LIFETIME = Duration.ofDays(180);

    private static final int MOST_FAILURES = 10;
    private static final int MOST_UNLOCKS = 10;

    private final Database database;
    private final KnownDeviceRepository devices;
    private final Clock clock;

    KnownDeviceService(Database database, KnownDeviceRepository devices, Clock clock) {
        this.database = database;
        this.devices = devices;
        this.clock = clock;
    }

    /** Whose device it is; empty when it is not known, or no more. */
    public Optional<UUID> owner(@Nullable SecretText token) {
        return token == null ? Optional.empty() : database.global(handle -> devices.owner(handle, token.sha256()));
    }

    /** Notes a login and returns the token that the device carries from now on. */
    public SecretText remember(@Nullable SecretText token, UUID user) {
        Instant expiresAt = clock.instant().plus(LIFETIME);
        return database.global(handle -> {
            if (token != null && devices.renew(handle, token.sha256(), user, expiresAt)) {
                return token;
            }
            SecretText fresh = SecretText.random();
            devices.insert(handle, fresh.sha256(), user, expiresAt);
            return fresh;
        });
    }

    /** Notes a refused login; a device that fails ten times in a row is known no more. */
    public void failed(SecretText token) {
        database.global(handle -> {
            devices.fail(handle, token.sha256(), MOST_FAILURES);
            return true;
        });
    }

    /** Counts a lock that the device is about to open; false when it opened ten since its last good login. */
    boolean mayUnlock(SecretText token) {
        return database.global(handle -> devices.countUnlock(handle, token.sha256(), MOST_UNLOCKS));
    }

    /** Forgets every device of a person. */
    public void forgetAll(UUID user) {
        database.global(handle -> {
            devices.forgetAll(handle, user);
            return true;
        });
    }

    @Scheduled(every = "1h", delayed = "5m", identity = "known-device-sweep")
    void sweep() {
        database.global(handle -> {
            devices.sweep(handle);
            return true;
        });
    }
}
