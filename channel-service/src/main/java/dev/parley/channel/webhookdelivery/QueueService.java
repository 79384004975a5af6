package dev.parley.channel.webhookdelivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.channel.webhook.EndpointService;
import dev.parley.channel.webhook.Target;
import dev.parley.channel.webhookdelivery.QueueRepository.Health;
import dev.parley.channel.webhookdelivery.QueueRepository.Standing;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Leases queues, reads what is due and writes what became of it. However many endpoints are served, only a few
 * connections of the pool are taken at a time: the rest belongs to people and messengers.
 */
@ApplicationScoped
class QueueService {
    static final String GONE = "the endpoint answered 410 Gone";
    private static final int CONNECTIONS = 4;
    private static final int TARGETS = 10_000;
    private static final Duration TARGET_TIME = Duration.ofMinutes(5);

    private final Database database;
    private final QueueRepository repository;
    private final EndpointService endpoints;
    private final ObjectMapper json;
    private final DeliveryConfig config;
    private final Semaphore connections = new Semaphore(CONNECTIONS, true);
    private final Cache<UUID, Target> targets = Caffeine.newBuilder()
            .maximumSize(TARGETS)
            .expireAfterAccess(TARGET_TIME)
            .build();

    QueueService(
            Database database,
            QueueRepository repository,
            EndpointService endpoints,
            ObjectMapper json,
            DeliveryConfig config) {
        this.database = database;
        this.repository = repository;
        this.endpoints = endpoints;
        this.json = json;
        this.config = config;
    }

    /**
     * Takes up to so many queues in which something may be due, and of endpoints that are doubted up to so many more.
     *
     * @param full tenants that have enough places for endpoints in doubt
     */
    List<Lease> claim(int healthy, int doubtful, Collection<TenantId> full) {
        return inTurn(() -> database.acrossTenants(handle -> {
            List<Lease> leases = new ArrayList<>();
            if (healthy > 0) {
                leases.addAll(repository.claim(handle, false, List.of(), healthy, config.lease()));
            }
            if (doubtful > 0) {
                leases.addAll(repository.claim(handle, true, full, doubtful, config.lease()));
            }
            return leases;
        }));
    }

    /**
     * What is due of a queue and not in hand yet, with the endpoint as it is now; empty when the lease is lost, or the
     * endpoint is gone or stands still.
     */
    Batch fetch(Lease lease, Collection<UUID> inHand, int limit) {
        List<Due> due = inTurn(() -> repository.fetch(lease, inHand, limit));
        if (due.isEmpty()) {
            return new Batch(null, due);
        }
        return target(lease, due.getFirst().version())
                .map(target -> new Batch(target, due))
                .orElseGet(() -> new Batch(null, List.of()));
    }

    /** An endpoint as it is now, which is that version or a later one; empty when it is gone. */
    Optional<Target> target(Lease lease, int version) {
        Target known = targets.getIfPresent(lease.endpoint());
        if (known != null && known.version() == version) {
            return Optional.of(known);
        }
        Optional<Target> fresh = inTurn(() -> endpoints.target(lease.tenant(), lease.endpoint()));
        fresh.ifPresent(target -> targets.put(lease.endpoint(), target));
        return fresh;
    }

    /** Deliveries with where they go; without any there is no target. */
    record Batch(@Nullable Target target, List<Due> due) {}

    /** Writes results; false when somebody else has the queue by now, and they count for nothing. */
    boolean write(Lease lease, List<Result> results, Standing standing) {
        List<String> attempts =
                results.stream().map(result -> text(result.attempt())).toList();
        Optional<Health> health = inTurn(() -> repository.write(lease, results, attempts, standing, config));
        if (results.stream().anyMatch(result -> result.attempt().gone())) {
            giveUp(lease, GONE);
        } else if (health.isPresent() && health.get().failingLong()) {
            giveUp(lease, "it has taken nothing for " + config.patience().toDays() + " days");
        } else if (health.isPresent() && health.get().exhausted() >= config.mostExhausted()) {
            giveUp(lease, health.get().exhausted() + " deliveries in a row reached the end of the schedule");
        }
        return health.isPresent();
    }

    /** Disables an endpoint for that reason. */
    void giveUp(Lease lease, String reason) {
        inTurn(() -> {
            endpoints.giveUp(lease.tenant(), lease.endpoint(), reason);
            return true;
        });
    }

    /** Gives a queue back; false when something is due in it, and it is still ours. */
    boolean release(Lease lease) {
        return inTurn(() -> database.inTenant(lease.tenant(), handle -> repository.release(handle, lease)));
    }

    /** Gives a queue back as it is, for anybody to go on after that time. */
    void handOver(Lease lease, Duration wait) {
        inTurn(() -> {
            database.useTenant(lease.tenant(), handle -> repository.handOver(handle, lease, wait));
            return true;
        });
    }

    /** An attempt as the log has it. */
    String text(Attempt attempt) {
        try {
            return json.writeValueAsString(attempt);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Does something with the database when it is its turn. */
    <T> T inTurn(Supplier<T> work) {
        connections.acquireUninterruptibly();
        try {
            return work.get();
        } finally {
            connections.release();
        }
    }
}
