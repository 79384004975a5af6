package dev.parley.channel.operation;

import java.time.Instant;

/** One thing that was done for an operation. */
public record OperationStep(Instant at, String service, String step, Object detail) {}
