package dev.parley.billing.payment;

import java.time.Instant;
import java.util.UUID;

/** Movable clocks of a provider's test mode: what is bought on one lives by it. */
public interface ProviderClocks {
    /** Makes a clock that stands at that time and returns its id; the same request again gives the same clock. */
    String create(Instant at, UUID requestId);

    /**
     * Moves a clock forward and returns once everything that falls due on the way has happened at the provider: renewals,
     * charges, ends. A time that is not later changes nothing.
     */
    void advance(String clockId, Instant to);
}
