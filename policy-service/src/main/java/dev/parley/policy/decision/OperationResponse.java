package dev.parley.policy.decision;

import dev.parley.policy.hold.OperationStep;
import java.util.List;

/** What this service did for an operation. */
public record OperationResponse(List<OperationStep> steps) {}
