package dev.parley.channel.stream;

import dev.parley.channel.stream.StreamRepository.Told;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** Reads what sockets are told. */
@ApplicationScoped
class StreamService {
    /** So many events are read at once. */
    static final int PAGE = 500;

    private static final int FORGOTTEN_AT_ONCE = 5_000;

    private final Database database;
    private final StreamRepository repository;
    private final StreamConfig config;

    StreamService(Database database, StreamRepository repository, StreamConfig config) {
        this.database = database;
        this.repository = repository;
        this.config = config;
    }

    /** The place from which on a client hears what happens now. */
    StreamCursor now(TenantId tenant) {
        return database.inTenant(tenant, repository::now);
    }

    /** What happened behind a place of which nothing can be forgotten yet, in order: the first of it. */
    List<Told> after(TenantId tenant, StreamCursor place) {
        return database.inTenant(tenant, handle -> repository.after(handle, tenant, place, PAGE));
    }

    /** What happened behind a place that a client names, in order: the first of it; empty when not all is known any more. */
    Optional<List<Told>> missed(TenantId tenant, StreamCursor place) {
        return database.inTenant(tenant, handle -> {
            // In this order: what is forgotten after it was read is no loss.
            List<Told> news = repository.after(handle, tenant, place, PAGE);
            return repository.remembers(handle, tenant, place) ? Optional.of(news) : Optional.empty();
        });
    }

    /** Forgets what nobody is told any more; returns how much. */
    int forget() {
        int all = 0;
        int last;
        do {
            last = database.acrossTenants(handle -> repository.forget(handle, config.memory(), FORGOTTEN_AT_ONCE));
            all += last;
        } while (last == FORGOTTEN_AT_ONCE);
        return all;
    }
}
