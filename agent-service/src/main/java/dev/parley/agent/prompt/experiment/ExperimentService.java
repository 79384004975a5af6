package dev.parley.agent.prompt.experiment;

import dev.parley.agent.catalogue.AgentService;
import dev.parley.agent.prompt.PromptProblem;
import dev.parley.agent.prompt.PromptSelection;
import dev.parley.agent.prompt.PromptVersion;
import dev.parley.agent.prompt.ReleaseService;
import dev.parley.agent.prompt.split.Arm;
import dev.parley.agent.prompt.split.Experiment;
import dev.parley.agent.prompt.split.Experiments;
import dev.parley.agent.prompt.split.FiguresService;
import dev.parley.agent.prompt.split.Guard;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Begins, shows and ends experiments; at any moment one version of an agent is active, and it is the control. */
@ApplicationScoped
public class ExperimentService {
    private final Database database;
    private final AgentService agents;
    private final ReleaseService releases;
    private final PromptSelection selection;
    private final Experiments experiments;
    private final FiguresService figures;
    private final Audit audit;

    ExperimentService(
            Database database,
            AgentService agents,
            ReleaseService releases,
            PromptSelection selection,
            Experiments experiments,
            FiguresService figures,
            Audit audit) {
        this.database = database;
        this.agents = agents;
        this.releases = releases;
        this.selection = selection;
        this.experiments = experiments;
        this.figures = figures;
        this.audit = audit;
    }

    /**
     * Lets versions answer side by side; 409 when an experiment of the agent runs, the agent has no active version, or a
     * version has not passed its golden conversations; 422 when the arms or guards are not usable.
     */
    ExperimentView begin(Caller caller, UUID agentId, ExperimentRequest request) {
        check(request.watched());
        ExperimentView begun = database.inTenant(TenantId.PLATFORM, handle -> {
            agents.lock(handle, agentId);
            List<Arm> arms = request.arms().stream()
                    .map(wanted -> arm(handle, agentId, wanted))
                    .toList();
            check(handle, agentId, arms);
            Experiment experiment = experiments
                    .begin(
                            handle,
                            agentId,
                            request.name().strip(),
                            arms,
                            request.watched(),
                            request.sample(),
                            caller.actor())
                    .orElseThrow(() -> new Problem(PromptProblem.EXPERIMENT_RUNNING));
            releases.beginTests(handle, experiment);
            record(handle, caller, "experiment.begin", null, experiment);
            return view(handle, experiment);
        });
        figures.evict();
        selection.evict();
        return begun;
    }

    /** Ends an experiment: the control answers again. 409 when it has ended. */
    ExperimentView stop(Caller caller, UUID agentId, UUID id, String reason) {
        ExperimentView stopped = database.inTenant(TenantId.PLATFORM, handle -> {
            agents.lock(handle, agentId);
            Experiment running = demandRunning(handle, agentId, id);
            return end(handle, caller, running, "stopped", reason == null ? "It was stopped." : reason, null);
        });
        selection.evict();
        return stopped;
    }

    /** Ends an experiment and releases one of its versions; 409 when it has ended. */
    ExperimentView promote(Caller caller, UUID agentId, UUID id, int number) {
        ExperimentView promoted = database.inTenant(TenantId.PLATFORM, handle -> {
            agents.lock(handle, agentId);
            Experiment running = demandRunning(handle, agentId, id);
            if (running.arms().stream().noneMatch(arm -> arm.number() == number)) {
                throw invalid("Version " + number + " is not an arm of the experiment.");
            }
            ExperimentView ended =
                    end(handle, caller, running, "promoted", "Version " + number + " was promoted.", number);
            releases.activate(handle, caller, agentId, number);
            return ended;
        });
        selection.evict();
        return promoted;
    }

    /** Ends an experiment that a guard found broken, in a transaction that has locked the agent. */
    void breakOff(Handle handle, Caller caller, Experiment running, String reason) {
        end(handle, caller, running, "broken", reason, null);
    }

    /** One experiment with its figures; 404 when there is none. */
    ExperimentView get(UUID agentId, UUID id) {
        return database.global(handle -> view(handle, demand(handle, agentId, id)));
    }

    /** The experiments of an agent, newest first. */
    Page<ExperimentView> list(UUID agentId, String cursor, Integer limit) {
        agents.get(agentId);
        UUID before = position(cursor);
        int size = Cursor.limit(limit);
        return database.global(
                handle -> Page.of(experiments.list(handle, agentId, before, size + 1), size, experiment -> experiment
                                .id()
                                .toString())
                        .map(experiment -> view(handle, experiment)));
    }

    private ExperimentView end(
            Handle handle, Caller caller, Experiment running, String status, String reason, Integer winner) {
        Experiment ended = experiments.end(handle, running, status, reason, winner, caller.actor());
        releases.endTests(handle, ended);
        record(handle, caller, "experiment." + (status.equals("promoted") ? "promote" : "stop"), running, ended);
        return view(handle, ended);
    }

    private Arm arm(Handle handle, UUID agentId, ExperimentRequest.Wanted wanted) {
        PromptVersion version = releases.demandReleasable(handle, agentId, wanted.number());
        return new Arm(
                version.number(),
                version.id(),
                wanted.weight(),
                version.status().equals("active"));
    }

    private void check(Handle handle, UUID agentId, List<Arm> arms) {
        if (experiments.running(handle, agentId).isPresent()) {
            throw new Problem(PromptProblem.EXPERIMENT_RUNNING);
        }
        if (releases.releases(handle, agentId).isEmpty()) {
            throw new Problem(PromptProblem.AGENT_NOT_READY).detail("The agent has no active prompt version.");
        }
        if (arms.stream().mapToInt(Arm::number).distinct().count() != arms.size()) {
            throw invalid("Each arm is another version.");
        }
        if (arms.stream().noneMatch(Arm::control)) {
            throw invalid("The active version must be one of the arms: it is the control.");
        }
    }

    static void check(List<Guard> guards) {
        if (!guards.stream().allMatch(Guard::limits)) {
            throw invalid("Each guard has max, max_worse or both.");
        }
    }

    private static Problem invalid(String why) {
        return new Problem(ExperimentProblem.EXPERIMENT_INVALID).detail(why);
    }

    private Experiment demand(Handle handle, UUID agentId, UUID id) {
        return experiments
                .find(handle, agentId, id)
                .orElseThrow(() -> new Problem(ExperimentProblem.EXPERIMENT_NOT_FOUND));
    }

    private Experiment demandRunning(Handle handle, UUID agentId, UUID id) {
        Experiment experiment = demand(handle, agentId, id);
        if (!experiment.running()) {
            throw new Problem(ExperimentProblem.EXPERIMENT_ENDED).detail(experiment.reason());
        }
        return experiment;
    }

    private ExperimentView view(Handle handle, Experiment experiment) {
        return ExperimentView.of(experiment, figures.of(handle, experiment.id()));
    }

    private static UUID position(String cursor) {
        String position = Cursor.decode(cursor);
        try {
            return position == null ? null : UUID.fromString(position);
        } catch (IllegalArgumentException malformed) {
            throw new Problem(CommonProblem.BAD_REQUEST).detail("the cursor is not valid");
        }
    }

    private void record(Handle handle, Caller caller, String action, Experiment before, Experiment after) {
        audit.record(
                handle,
                caller,
                TenantId.PLATFORM,
                new AuditEntry(
                        action, "experiment", after.agentId() + "/" + after.id(), before, after, after.reason()));
    }
}
