package dev.parley.agent.run;

import dev.parley.platform.data.Database;
import dev.parley.platform.operation.Operation;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Forgets what was asked for replies when it is old: each keeps its whole conversation, so they add up. */
@ApplicationScoped
class RequestSweep {
    private static final Duration SLICE = Duration.ofMinutes(10);

    private final Database database;
    private final KeptRequestRepository requests;
    private final RunConfig config;
    private final Clock clock;

    RequestSweep(Database database, KeptRequestRepository requests, RunConfig config, Clock clock) {
        this.database = database;
        this.requests = requests;
        this.config = config;
        this.clock = clock;
    }

    @Scheduled(
            every = "1h",
            delayed = "5m",
            identity = "run-requests",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        Operation.enter(null);
        try {
            forget();
        } finally {
            Operation.leave();
        }
    }

    /** Forgets all that is too old, a slice of time in each transaction; returns how many there were. */
    int forget() {
        Instant before = clock.instant().minus(config.requestsKept());
        int forgotten = 0;
        while (true) {
            Optional<Instant> oldest = database.acrossTenants(requests::oldest);
            if (oldest.isEmpty() || !oldest.get().isBefore(before)) {
                return forgotten;
            }
            Instant slice = oldest.get().plus(SLICE);
            forgotten +=
                    database.acrossTenants(handle -> requests.forget(handle, slice.isBefore(before) ? slice : before));
        }
    }
}
