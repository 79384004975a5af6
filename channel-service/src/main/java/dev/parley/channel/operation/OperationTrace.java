package dev.parley.channel.operation;

import java.util.List;
import java.util.UUID;

/**
 * What all services did, by time.
 *
 * @param unanswered services that could not be asked just now
 */
public record OperationTrace(UUID operationId, List<OperationStep> steps, List<String> unanswered) {}
