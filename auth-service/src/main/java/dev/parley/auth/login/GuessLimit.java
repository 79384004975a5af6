package dev.parley.auth.login;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ends guessing before it costs Keycloak anything: it hashes a password also for an account that it has locked, so that
 * guesses would keep everybody else out. Ten tries a minute and address, at login and sign-up together. Counted per replica, because Keycloak's own lock counts for all of them.
 */
@ApplicationScoped
public class GuessLimit {
    private static final int MOST = 10;
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int MOST_ADDRESSES = 100_000;

    private final Cache<String, AtomicInteger> open = Caffeine.newBuilder()
            .expireAfterWrite(WINDOW)
            .maximumSize(MOST_ADDRESSES)
            .build();

    /** Counts one more try for an address, whether or not there is such an account; false when there were too many. */
    public boolean begin(String email) {
        return open.get(email, first -> new AtomicInteger()).incrementAndGet() <= MOST;
    }

    /** A try that was let in was no guess. */
    public void succeeded(String email) {
        open.get(email, first -> new AtomicInteger()).decrementAndGet();
    }
}
