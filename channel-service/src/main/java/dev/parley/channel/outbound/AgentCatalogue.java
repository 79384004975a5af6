package dev.parley.channel.outbound;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The agents that exist, at most five seconds old; an unknown slug is looked up afresh. */
@ApplicationScoped
public class AgentCatalogue {
    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final Duration JUST_READ = Duration.ofMillis(500);
    private static final int TENANTS = 10_000;

    private final AgentClient agents;
    private final Clock clock;
    private final Cache<TenantId, Snapshot> cache =
            Caffeine.newBuilder().maximumSize(TENANTS).expireAfterWrite(FRESH).build();

    AgentCatalogue(AgentClient agents, Clock clock) {
        this.agents = agents;
        this.clock = clock;
    }

    /** All agents, in the order of agent-service. */
    public List<AgentSummary> list(TenantId tenant) {
        return snapshot(tenant, FRESH).agents();
    }

    /** The agent with that slug, if there is one. */
    public Optional<AgentSummary> find(TenantId tenant, String slug) {
        Optional<AgentSummary> known = find(snapshot(tenant, FRESH), slug);
        return known.isPresent() ? known : find(snapshot(tenant, JUST_READ), slug);
    }

    private static Optional<AgentSummary> find(Snapshot snapshot, String slug) {
        return snapshot.agents().stream()
                .filter(agent -> agent.slug().equals(slug))
                .findFirst();
    }

    private Snapshot snapshot(TenantId tenant, Duration age) {
        Instant now = clock.instant();
        Snapshot cached = cache.getIfPresent(tenant);
        if (cached != null && cached.at().plus(age).isAfter(now)) {
            return cached;
        }
        Snapshot read = new Snapshot(now, agents.list(tenant));
        cache.put(tenant, read);
        return read;
    }

    private record Snapshot(Instant at, List<AgentSummary> agents) {}
}
