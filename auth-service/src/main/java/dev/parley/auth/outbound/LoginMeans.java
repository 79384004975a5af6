package dev.parley.auth.outbound;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * By what Keycloak lets a person in.
 *
 * @param madeAt when the account was made
 * @param passwordSetAt when its present password was set, or null without one
 * @param providers the aliases of the identity providers that are linked
 */
public record LoginMeans(Instant madeAt, @Nullable Instant passwordSetAt, Set<String> providers) {
    private static final Duration ONE_STEP = Duration.ofSeconds(5);

    /** Whether the password is the one that the account was made with. */
    public boolean hasFirstPassword() {
        return passwordSetAt != null && passwordSetAt.isBefore(madeAt.plus(ONE_STEP));
    }
}
