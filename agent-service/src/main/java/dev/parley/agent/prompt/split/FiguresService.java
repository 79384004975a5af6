package dev.parley.agent.prompt.split;

import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Keeps what versions came to while they were on duty. */
@ApplicationScoped
public class FiguresService {
    private static final int SETTLED_AT_ONCE = 2_000;

    private final Database database;
    private final FiguresRepository figures;

    FiguresService(Database database, FiguresRepository figures) {
        this.database = database;
        this.figures = figures;
    }

    /** Begins to count facts of one tenant, in its transaction. */
    public Tally tally(Handle handle, TenantId tenant) {
        return new Tally(figures, handle, tenant);
    }

    /**
     * Says how conversations ended that a version began to answer that long ago: resolved are those that nobody had to
     * take over. Returns how many of them there were; more may wait.
     */
    public long settle(Duration after) {
        return database.acrossTenants(handle -> {
            Map<Duty, Figures> settled = figures.settle(handle, after, SETTLED_AT_ONCE);
            settled.forEach((duty, more) -> figures.add(handle, duty, more));
            return settled.values().stream().mapToLong(Figures::settled).sum();
        });
    }

    /** The figures of each version of a release; versions of which nothing was seen are absent. */
    public Map<UUID, Figures> of(Handle handle, UUID releaseId) {
        return figures.of(handle, releaseId);
    }
}
