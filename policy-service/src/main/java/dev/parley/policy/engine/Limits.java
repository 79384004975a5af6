package dev.parley.policy.engine;

/** What a run must keep to, in tokens. */
public record Limits(long maxInputTokens, long maxOutputTokens) {}
