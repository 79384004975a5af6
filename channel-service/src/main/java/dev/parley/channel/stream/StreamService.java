package dev.parley.channel.stream;

import dev.parley.channel.stream.StreamRepository.Told;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;

/** Reads what sockets are told. */
@ApplicationScoped
public class StreamService {
    private static final int PAGE = 500;

    private final Database database;
    private final StreamRepository repository;
    private final StreamConfig config;
    private final Clock clock;

    StreamService(Database database, StreamRepository repository, StreamConfig config, Clock clock) {
        this.database = database;
        this.repository = repository;
        this.config = config;
        this.clock = clock;
    }

    /** The place from which on a client hears what happens now. */
    StreamCursor now(TenantId tenant) {
        return database.inTenant(tenant, repository::now);
    }

    /** What happened behind a place, in order: the first of it. */
    List<Told> after(TenantId tenant, StreamCursor place) {
        return database.inTenant(tenant, handle -> repository.after(handle, tenant, place, PAGE));
    }

    /** Whether all that happened behind a place is still known. */
    boolean remembers(StreamCursor place) {
        return !place.at().isBefore(clock.instant().minus(config.memory()));
    }

    /** Forgets what nobody is told any more; returns how much. */
    public int sweep() {
        // Longer than a client may be away: its cursor was checked before its events are read.
        return database.acrossTenants(
                handle -> repository.forget(handle, config.memory().multipliedBy(2)));
    }
}
