package dev.parley.policy.rating;

/** What one meter of an operation costs: {@code quantity} units at {@code credits} in all. */
public record RatedLine(String meter, long quantity, long credits) {}
