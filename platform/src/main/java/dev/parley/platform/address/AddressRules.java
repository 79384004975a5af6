package dev.parley.platform.address;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What a service allows of addresses that tenants name; the mapping of its settings extends it. */
public interface AddressRules {
    /**
     * Whether addresses may be on this machine and speak plain HTTP; for local installations and tests only. Set by
     * {@code PARLEY_WEBHOOK_LOOPBACK}.
     */
    @WithDefault("false")
    boolean loopback();

    /** Where the world reaches this installation; set by {@code PARLEY_PUBLIC_URL}. */
    String publicUrl();

    /** How long a name's addresses are believed. */
    @WithDefault("5s")
    Duration lookupTime();

    /** How long a name server may take. */
    @WithDefault("3s")
    Duration lookupPatience();

    /** How long a name that had no answer is not asked for again. */
    @WithDefault("15s")
    Duration lookupFailureTime();
}
