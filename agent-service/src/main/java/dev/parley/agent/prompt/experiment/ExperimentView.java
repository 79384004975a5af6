package dev.parley.agent.prompt.experiment;

import dev.parley.agent.prompt.split.Experiment;
import dev.parley.agent.prompt.split.FiguresView;
import dev.parley.agent.prompt.split.Guard;
import dev.parley.agent.prompt.split.Seen;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** An experiment with what each of its arms came to so far. */
public record ExperimentView(
        UUID id,
        UUID agentId,
        String name,
        String status,
        List<ArmView> arms,
        List<Guard> guards,
        int minimumSample,
        String reason,
        Integer winner,
        Instant createdAt,
        String createdBy,
        Instant endedAt,
        String endedBy) {
    /** An arm and its figures. */
    public record ArmView(int number, UUID versionId, int weight, boolean control, FiguresView figures) {}

    static ExperimentView of(Experiment experiment, Map<UUID, Seen> seen) {
        return new ExperimentView(
                experiment.id(),
                experiment.agentId(),
                experiment.name(),
                experiment.status(),
                experiment.arms().stream()
                        .map(arm -> new ArmView(
                                arm.number(),
                                arm.versionId(),
                                arm.weight(),
                                arm.control(),
                                FiguresView.of(seen.getOrDefault(arm.versionId(), Seen.NOTHING)
                                        .all())))
                        .toList(),
                experiment.guards(),
                experiment.minimumSample(),
                experiment.reason(),
                experiment.winner(),
                experiment.createdAt(),
                experiment.createdBy(),
                experiment.endedAt(),
                experiment.endedBy());
    }
}
