package dev.parley.agent.prompt.split;

import java.util.UUID;

/**
 * A version that takes part in an experiment.
 *
 * @param weight its share is its weight among all weights
 * @param control whether it is the active version, which the others are compared with
 */
public record Arm(int number, UUID versionId, int weight, boolean control) {}
