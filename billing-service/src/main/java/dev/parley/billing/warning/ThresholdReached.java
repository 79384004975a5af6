package dev.parley.billing.warning;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** Payload of {@code policy.threshold-reached.v1}: that many percent of the granted credits are used. */
@RegisterForReflection
public record ThresholdReached(int percent, long remaining) {}
