package dev.parley.policy.decision;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.credit.CreditService;
import dev.parley.policy.engine.Standing;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where balances stood a moment ago, never longer ago than {@code policy.decision.figures-age}. A tenant's is read when
 * it asks for the first time, and from then on together with many others', until it has not asked for a while.
 */
@ApplicationScoped
class Figures {
    private static final int MOST_KNOWN = 100_000;
    private static final int MOST_TOGETHER = 1000;

    private final CreditService credits;
    private final Clock clock;
    private final Duration age;
    private final Duration kept;
    private final Cache<TenantId, Known> known =
            Caffeine.newBuilder().maximumSize(MOST_KNOWN).build();

    Figures(CreditService credits, DecisionConfig config, Clock clock) {
        this.credits = credits;
        this.clock = clock;
        this.age = config.figuresAge();
        this.kept = config.figuresKept();
    }

    private static final class Known {
        private final Standing standing;
        private final Instant readAt;
        private volatile Instant askedAt;

        Known(Standing standing, Instant readAt, Instant askedAt) {
            this.standing = standing;
            this.readAt = readAt;
            this.askedAt = askedAt;
        }
    }

    /** Empty when nobody knows, or only how it stood too long ago. */
    Optional<Standing> of(TenantId tenant, Instant now) {
        Known one = known.getIfPresent(tenant);
        if (one == null || !now.isBefore(one.readAt.plus(age))) {
            return Optional.empty();
        }
        one.askedAt = now;
        return Optional.of(one.standing);
    }

    /** Notes what was read just now. */
    void put(TenantId tenant, Standing standing) {
        Instant now = clock.instant();
        known.put(tenant, new Known(standing, now, now));
    }

    /** Reads again what will soon be too old. */
    @Scheduled(every = "{policy.decision.figures-refresh-interval}", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void refresh() {
        Instant now = clock.instant();
        List<TenantId> old = new ArrayList<>();
        known.asMap().forEach((tenant, one) -> {
            if (one.askedAt.isBefore(now.minus(kept))) {
                known.asMap().remove(tenant, one);
            } else if (one.readAt.isBefore(now.minus(age.dividedBy(2)))) {
                old.add(tenant);
            }
        });
        for (int from = 0; from < old.size(); from += MOST_TOGETHER) {
            read(old.subList(from, Math.min(old.size(), from + MOST_TOGETHER)));
        }
    }

    private void read(List<TenantId> tenants) {
        Instant before = clock.instant();
        Map<TenantId, Standing> standings = credits.standings(tenants);
        for (TenantId tenant : tenants) {
            // A put of meanwhile is newer, and stays.
            known.asMap().computeIfPresent(tenant, (same, one) -> {
                Standing standing = standings.get(tenant);
                if (one.readAt.isAfter(before)) {
                    return one;
                }
                return standing == null ? null : new Known(standing, before, one.askedAt);
            });
        }
    }
}
