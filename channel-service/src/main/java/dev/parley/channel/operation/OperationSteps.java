package dev.parley.channel.operation;

import java.util.List;

/** What one service did. */
public record OperationSteps(List<OperationStep> steps) {}
