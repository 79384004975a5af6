package dev.parley.billing.plan;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** What a meter costs: {@code credits} for every {@code per} units begun. */
@RegisterForReflection
public record Rate(long credits, long per) {}
