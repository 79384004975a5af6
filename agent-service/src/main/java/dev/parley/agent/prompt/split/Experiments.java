package dev.parley.agent.prompt.split;

import dev.parley.platform.id.Ids;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The experiments of all agents, at most one running of each. Whoever changes one has locked the agent. */
@ApplicationScoped
public class Experiments {
    private final ExperimentRepository experiments;

    Experiments(ExperimentRepository experiments) {
        this.experiments = experiments;
    }

    /** Begins an experiment; empty when another one of the agent runs. */
    public Optional<Experiment> begin(
            Handle handle,
            UUID agentId,
            String name,
            List<Arm> arms,
            List<Guard> guards,
            int minimumSample,
            String actor) {
        UUID id = Ids.next();
        return experiments.insert(handle, agentId, id, name, arms, guards, minimumSample, actor)
                ? find(handle, agentId, id)
                : Optional.empty();
    }

    /**
     * Ends an experiment that runs, and returns it as it is then.
     *
     * @param winner the number of the version that is released for it, or null
     */
    public Experiment end(
            Handle handle, Experiment running, String status, String reason, Integer winner, String actor) {
        experiments.end(handle, running.agentId(), running.id(), status, reason, winner, actor);
        return find(handle, running.agentId(), running.id()).orElseThrow();
    }

    /** One experiment. */
    public Optional<Experiment> find(Handle handle, UUID agentId, UUID id) {
        return experiments.find(handle, agentId, id);
    }

    /** The agent's experiment that runs. */
    public Optional<Experiment> running(Handle handle, UUID agentId) {
        return experiments.running(handle, agentId);
    }

    /** All that run. */
    public List<Experiment> running(Handle handle) {
        return experiments.running(handle);
    }

    /** The agent's experiments, newest first. */
    public List<Experiment> list(Handle handle, UUID agentId, UUID before, int limit) {
        return experiments.list(handle, agentId, before, limit);
    }
}
