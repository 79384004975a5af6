package dev.parley.platform.crypto;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Has keys rotated, by any replica, again and again. */
@ApplicationScoped
class KeyUpkeep {
    private static final Logger LOG = Logger.getLogger(KeyUpkeep.class);
    /** In a rolling upgrade no replica may be left that does not know of rotations. */
    private static final Duration NO_ROTATION_BEFORE = Duration.ofHours(1);

    private final MasterRewrap rewrap;
    private final DataKeyRotation rotation;
    private final Duration every;
    private final boolean enabled;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("keys").factory());

    KeyUpkeep(
            MasterRewrap rewrap,
            DataKeyRotation rotation,
            @ConfigProperty(name = "parley.keys.every", defaultValue = "10M") Duration every,
            @ConfigProperty(name = "parley.keys.enabled", defaultValue = "true") boolean enabled) {
        this.rewrap = rewrap;
        this.rotation = rotation;
        this.every = every;
        this.enabled = enabled;
    }

    void start(@Observes StartupEvent event) {
        if (enabled) {
            each(Duration.ofMinutes(1), this::wrapAll);
            each(NO_ROTATION_BEFORE, this::rotateAll);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        timer.shutdown();
    }

    private void each(Duration first, Runnable work) {
        timer.scheduleWithFixedDelay(work, first.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void wrapAll() {
        try {
            rewrap.run();
        } catch (RuntimeException failure) {
            LOG.warn("keys stay wrapped by an old master key for now", failure);
        }
    }

    private void rotateAll() {
        try {
            while (rotation.run() > 0 && !timer.isShutdown()) {
                LOG.debug("there may be more tenants whose data key is due");
            }
        } catch (RuntimeException failure) {
            LOG.warn("data keys stay as they are for now", failure);
        }
    }
}
