package dev.parley.channel.webhook;

import com.standardwebhooks.Webhook;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a delivery needs to know of its endpoint, with the secrets in clear: never to be logged or stored.
 *
 * @param version tells whether this is still what the endpoint is
 * @param previous the secret before the current one; null when it no longer signs
 */
public record Target(
        int version,
        String url,
        boolean fifo,
        int concurrency,
        Webhook secret,
        @Nullable Webhook previous,
        @Nullable Instant previousUntil) {
    /** The secrets that sign at that time, the current one first. */
    public List<Webhook> secrets(Instant now) {
        return previous == null || previousUntil == null || !now.isBefore(previousUntil)
                ? List.of(secret)
                : List.of(secret, previous);
    }

    @Override
    public String toString() {
        return "Target[" + version + "]";
    }
}
