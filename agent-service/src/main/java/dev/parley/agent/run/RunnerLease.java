package dev.parley.agent.run;

import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.UUID;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jboss.logging.Logger;

/** Says that this process lives, so that nobody takes over its runs; one statement per process, however many runs. */
@ApplicationScoped
class RunnerLease {
    private static final Logger LOG = Logger.getLogger(RunnerLease.class);
    private static final int BEATS_PER_LEASE = 3;

    private final Database database;
    private final RunnerRepository runners;
    private final RunConfig config;
    private final Vertx vertx;
    private final UUID id = Ids.next();
    /** Shared by beats: one that hangs holds no other up. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    private volatile long timer;
    private volatile boolean stopped;

    RunnerLease(Database database, RunnerRepository runners, RunConfig config, Vertx vertx) {
        this.database = database;
        this.runners = runners;
        this.config = config;
        this.vertx = vertx;
    }

    /** This process's id. */
    UUID id() {
        return id;
    }

    void start(@Observes StartupEvent event) {
        beat();
        timer = vertx.setPeriodic(config.lease().toMillis() / BEATS_PER_LEASE, tick -> Thread.ofVirtual()
                .start(this::beat));
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
        stopped = true;
        // a beat that is under way would put the runner back
        lock.writeLock().lock();
        try {
            database.global(handle -> {
                runners.forget(handle, id);
                return true;
            });
        } catch (RuntimeException unreachable) {
            LOG.warn("the runner's lease is left to expire", unreachable);
        } finally {
            lock.writeLock().unlock();
        }
    }

    void beat() {
        lock.readLock().lock();
        try {
            if (stopped) {
                return;
            }
            database.global(handle -> {
                runners.beat(handle, id, config.lease());
                return true;
            });
        } catch (RuntimeException unreachable) {
            LOG.warn("the runner's lease was not renewed", unreachable);
        } finally {
            lock.readLock().unlock();
        }
    }
}
