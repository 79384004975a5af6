package dev.parley.channel.webhooklog;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Ends old deliveries, every hour. */
@ApplicationScoped
class LogSweeper {
    private static final Logger LOG = Logger.getLogger(LogSweeper.class);
    private static final long MINUTES = 60;

    private final LogService log;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("webhook-log").factory());

    LogSweeper(LogService log) {
        this.log = log;
    }

    void start(@Observes StartupEvent event) {
        timer.scheduleWithFixedDelay(this::sweep, 1, MINUTES, TimeUnit.MINUTES);
    }

    void stop(@Observes ShutdownEvent event) {
        timer.shutdown();
    }

    private void sweep() {
        try {
            while (log.purge() && !timer.isShutdown()) {
                LOG.debug("there may be more deliveries that are too old");
            }
        } catch (RuntimeException failure) {
            LOG.warnf("old deliveries stay for now: %s", failure.getMessage());
        }
    }
}
