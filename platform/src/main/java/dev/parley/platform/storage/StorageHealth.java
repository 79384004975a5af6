package dev.parley.platform.storage;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Shows what is wrong with the storage of files. A service that has not reached it yet is not ready, so that a wrong
 * bucket or key is met by whoever set it up; later its absence takes away files only, and is shown.
 */
@Readiness
@ApplicationScoped
class StorageHealth implements HealthCheck {
    private static final Duration KNOWN = Duration.ofSeconds(15);

    private final AtomicBoolean worked = new AtomicBoolean();
    private final LoadingCache<Boolean, Optional<String>> faults;

    @Inject
    StorageHealth(ObjectStore store) {
        this(store, KNOWN);
    }

    /** @param known how long it is not looked again */
    StorageHealth(ObjectStore store, Duration known) {
        this.faults =
                Caffeine.newBuilder().expireAfterWrite(known).maximumSize(1).build(once -> store.fault());
    }

    @Override
    public HealthCheckResponse call() {
        Optional<String> fault = faults.get(true);
        if (fault.isEmpty()) {
            worked.set(true);
        }
        HealthCheckResponseBuilder health = HealthCheckResponse.named("storage").status(worked.get());
        fault.ifPresent(why -> health.withData("fault", why));
        return health.build();
    }
}
