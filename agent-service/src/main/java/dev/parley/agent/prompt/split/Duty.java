package dev.parley.agent.prompt.split;

import java.util.UUID;

/** A version on duty, and what had brought it there: an activation or an experiment. */
public record Duty(UUID releaseId, UUID versionId) implements Comparable<Duty> {
    @Override
    public int compareTo(Duty other) {
        int byRelease = releaseId.compareTo(other.releaseId);
        return byRelease != 0 ? byRelease : versionId.compareTo(other.versionId);
    }
}
