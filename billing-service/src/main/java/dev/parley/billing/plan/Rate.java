package dev.parley.billing.plan;

/** What a meter costs: {@code credits} for every {@code per} units begun. */
public record Rate(long credits, long per) {}
