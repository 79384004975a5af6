package dev.parley.channel.stream;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/** Forgets old events, beside whatever else is swept: nobody waits for it. */
@ApplicationScoped
class StreamSweeper {
    private static final Logger LOG = Logger.getLogger(StreamSweeper.class);

    private final StreamService events;
    private final StreamConfig config;
    private volatile boolean stopping;

    StreamSweeper(StreamService events, StreamConfig config) {
        this.events = events;
        this.config = config;
    }

    void start(@Observes StartupEvent started) {
        Thread.ofVirtual().name("stream-sweeper").start(this::run);
    }

    void stop(@Observes ShutdownEvent stopped) {
        stopping = true;
    }

    private void run() {
        while (!stopping) {
            LockSupport.parkNanos(config.sweepInterval().toNanos());
            try {
                events.forget();
            } catch (RuntimeException failure) {
                if (!stopping) {
                    LOG.warnf("old events stay for now: %s", failure.getMessage());
                }
            }
        }
    }
}
