package dev.parley.agent.prompt.split;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Keeps what versions came to while they were on duty. */
@ApplicationScoped
public class FiguresService {
    private static final int SETTLED_AT_ONCE = 2_000;
    private static final int RELEASES_KEPT = 10_000;
    private static final Duration KNOWN_FOR = Duration.ofSeconds(10);
    private static final String ANYTHING = "";

    private final Database database;
    private final FiguresRepository figures;
    private final Cache<UUID, Boolean> watched = Caffeine.newBuilder()
            .maximumSize(RELEASES_KEPT)
            .expireAfterWrite(KNOWN_FOR)
            .build();
    private final Cache<String, Boolean> anything =
            Caffeine.newBuilder().expireAfterWrite(KNOWN_FOR).build();

    FiguresService(Database database, FiguresRepository figures) {
        this.database = database;
        this.figures = figures;
    }

    /**
     * Whether anybody looks at what a release comes to; as it was at most ten seconds ago, and right from the first run
     * of an experiment. Not for use within a transaction.
     */
    public boolean watched(Duty duty, String agent) {
        Boolean known = watched.getIfPresent(duty.releaseId());
        if (known == null) {
            known = database.inTenant(TenantId.PLATFORM, handle -> figures.watched(handle, duty.releaseId(), agent));
            watched.put(duty.releaseId(), known);
        }
        return known;
    }

    /** The same within a transaction. */
    public boolean watched(Handle handle, Duty duty, String agent) {
        Boolean known = watched.getIfPresent(duty.releaseId());
        if (known == null) {
            known = figures.watched(handle, duty.releaseId(), agent);
            watched.put(duty.releaseId(), known);
        }
        return known;
    }

    /** Whether any release is watched; as it was at most ten seconds ago. Not for use within a transaction. */
    public boolean anythingWatched() {
        Boolean known = anything.getIfPresent(ANYTHING);
        if (known == null) {
            known = database.inTenant(TenantId.PLATFORM, figures::anythingWatched);
            anything.put(ANYTHING, known);
        }
        return known;
    }

    /** Forgets what is watched: call it after the commit that changed it. */
    public void evict() {
        watched.invalidateAll();
        anything.invalidateAll();
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
            List<FiguresRepository.Settled> settled = figures.settle(handle, after, SETTLED_AT_ONCE);
            Map<Duty, Map<Integer, Figures>> sums = new TreeMap<>();
            settled.forEach(one -> sums.computeIfAbsent(one.duty(), any -> new TreeMap<>())
                    .merge(Seen.shardOf(one.tenant()), one.figures(), Figures::plus));
            sums.forEach((duty, shards) -> shards.forEach((shard, more) -> figures.add(handle, duty, shard, more)));
            return settled.stream().mapToLong(one -> one.figures().settled()).sum();
        });
    }

    /** What was seen of each version of a release; versions of which nothing was seen are absent. */
    public Map<UUID, Seen> of(Handle handle, UUID releaseId) {
        return figures.of(handle, releaseId);
    }
}
