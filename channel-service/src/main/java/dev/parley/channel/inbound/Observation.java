package dev.parley.channel.inbound;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.channel.account.AccountConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** How many unproven calls each account takes: anybody can make them, and each may be an answer that the tenant pays. */
@ApplicationScoped
class Observation {
    private static final int ACCOUNTS = 10_000;

    private final AccountConfig config;
    private final Cache<UUID, AtomicInteger> taken = Caffeine.newBuilder()
            .maximumSize(ACCOUNTS)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();

    Observation(AccountConfig config) {
        this.config = config;
    }

    /** Whether one more may be taken this minute; it counts. */
    boolean allows(UUID account) {
        return taken.get(account, ignored -> new AtomicInteger()).incrementAndGet() <= config.unverifiedPerMinute();
    }
}
