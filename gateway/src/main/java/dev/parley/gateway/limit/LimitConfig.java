package dev.parley.gateway.limit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The limits; those of rates are buckets that hold {@code burst} requests and are refilled evenly. */
@ConfigMapping(prefix = "gateway.limit")
public interface LimitConfig {
    /** Each API key, session or user. */
    Bucket caller();

    /** All callers of one tenant together. */
    Bucket tenant();

    /** Requests without or with refused credentials, per client address. */
    Bucket address();

    /** Sign-up, login, refresh and logout, per client address. */
    Bucket login();

    /** Most requests of one tenant that are open at once, streams and WebSockets among them. */
    int openPerTenant();

    /** Most buckets kept per kind; the least used are forgotten, which refills them. */
    @WithDefault("100000")
    int maxBuckets();

    /** One limit. */
    interface Bucket {
        /** Requests that a full bucket admits at once. */
        long burst();

        /** Requests added per period. */
        long rate();

        /** The period. */
        @WithDefault("1S")
        Duration period();
    }
}
