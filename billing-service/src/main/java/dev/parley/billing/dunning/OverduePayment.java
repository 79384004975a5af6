package dev.parley.billing.dunning;

import java.time.Duration;
import java.time.Instant;

/**
 * A payment that failed and is still open.
 *
 * @param suspended whether the days of grace are over
 * @param since when it was first seen to have failed
 * @param now the tenant's time
 * @param grace how long everything works without it
 */
public record OverduePayment(String planName, boolean suspended, Instant since, Instant now, Duration grace) {}
