package dev.parley.channel.media;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much a tenant keeps, against how much it may. Counted anew each minute: replicas together may pass the limit by
 * what they take in that time.
 */
@ApplicationScoped
class MediaStock {
    private final Database database;
    private final MediaRepository repository;
    private final MediaConfig config;
    private final Cache<TenantId, AtomicLong> kept = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();

    MediaStock(Database database, MediaRepository repository, MediaConfig config) {
        this.database = database;
        this.repository = repository;
        this.config = config;
    }

    /** How many bytes more a tenant may keep; none when it has reached its limit. */
    long room(TenantId tenant) {
        return Math.max(0, config.stock().asLongValue() - kept(tenant).get());
    }

    /** Counts what was just kept. */
    void grew(TenantId tenant, long bytes) {
        kept(tenant).addAndGet(bytes);
    }

    private AtomicLong kept(TenantId tenant) {
        return kept.get(
                tenant,
                unknown -> new AtomicLong(database.inTenant(unknown, handle -> repository.bytes(handle, unknown))));
    }
}
