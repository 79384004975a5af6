package dev.parley.agent.prompt.experiment;

import dev.parley.agent.catalogue.AgentService;
import dev.parley.agent.prompt.PromptSelection;
import dev.parley.agent.prompt.ReleaseService;
import dev.parley.agent.prompt.split.Arm;
import dev.parley.agent.prompt.split.Experiment;
import dev.parley.agent.prompt.split.Experiments;
import dev.parley.agent.prompt.split.Figures;
import dev.parley.agent.prompt.split.FiguresService;
import dev.parley.agent.prompt.split.Guard;
import dev.parley.agent.prompt.split.Seen;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/**
 * Watches versions in experiments, and after their activation where an agent asks for it; one that breaks a guard is
 * taken off duty at once, audited and announced. Replicas may look at the same time: the agent's lock lets one act.
 */
@ApplicationScoped
public class GuardService {
    private static final Logger LOG = Logger.getLogger(GuardService.class);
    private static final Caller WATCH =
            new Caller(null, "service:agent-service", Caller.SERVICE, Set.of(Caller.SERVICE), Set.of());

    private final Database database;
    private final AgentService agents;
    private final ReleaseService releases;
    private final PromptSelection selection;
    private final ExperimentService experimenting;
    private final Experiments experiments;
    private final FiguresService figures;
    private final GuardRepository guards;
    private final Outbox outbox;
    private final Audit audit;

    GuardService(
            Database database,
            AgentService agents,
            ReleaseService releases,
            PromptSelection selection,
            ExperimentService experimenting,
            Experiments experiments,
            FiguresService figures,
            GuardRepository guards,
            Outbox outbox,
            Audit audit) {
        this.database = database;
        this.agents = agents;
        this.releases = releases;
        this.selection = selection;
        this.experimenting = experimenting;
        this.experiments = experiments;
        this.figures = figures;
        this.guards = guards;
        this.outbox = outbox;
        this.audit = audit;
    }

    /** Lets an agent's versions be watched after their activation. */
    AgentGuard put(Caller caller, UUID agentId, GuardRequest request) {
        ExperimentService.check(request.guards());
        AgentGuard put = database.inTenant(TenantId.PLATFORM, handle -> {
            agents.lock(handle, agentId);
            AgentGuard before = guards.find(handle, agentId).orElse(null);
            guards.put(handle, agentId, request, caller.actor());
            AgentGuard after = guards.find(handle, agentId).orElseThrow();
            record(handle, caller, agentId, before, after);
            return after;
        });
        figures.evict();
        return put;
    }

    /** How an agent's versions are watched; 404 when they are not. */
    AgentGuard get(UUID agentId) {
        return database.global(handle -> guards.find(handle, agentId))
                .orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND).detail("The agent has no guard."));
    }

    /** No longer watches an agent's versions. */
    void remove(Caller caller, UUID agentId) {
        database.useTenant(TenantId.PLATFORM, handle -> {
            agents.lock(handle, agentId);
            guards.find(handle, agentId).ifPresent(before -> {
                guards.delete(handle, agentId);
                record(handle, caller, agentId, before, null);
            });
        });
    }

    /** Looks at everything that is watched, once. */
    void look() {
        database.global(experiments::running).forEach(experiment -> look(experiment.agentId(), () -> look(experiment)));
        database.global(guards::all).forEach(guard -> look(guard.agentId(), () -> look(guard)));
    }

    /** An agent that cannot be looked at keeps nobody from looking at the others. */
    private static void look(UUID agentId, Runnable one) {
        try {
            one.run();
        } catch (RuntimeException failure) {
            LOG.errorf(failure, "the versions of agent %s could not be looked at", agentId);
        }
    }

    private void look(Experiment experiment) {
        if (broken(database.global(handle -> figures.of(handle, experiment.id())), experiment)
                .isEmpty()) {
            return;
        }
        database.useTenant(TenantId.PLATFORM, handle -> {
            agents.lock(handle, experiment.agentId());
            experiments
                    .running(handle, experiment.agentId())
                    .filter(running -> running.id().equals(experiment.id()))
                    .ifPresent(running -> broken(figures.of(handle, running.id()), running)
                            .ifPresent(broken -> breakOff(handle, running, broken)));
        });
        selection.evict();
    }

    private record Broken(int number, UUID versionId, Guard.Breach breach) {}

    private static Optional<Broken> broken(Map<UUID, Seen> seen, Experiment experiment) {
        Figures control = seen.getOrDefault(experiment.control().versionId(), Seen.NOTHING)
                .all();
        return experiment.arms().stream()
                .filter(arm -> !arm.control())
                .flatMap(arm -> broken(arm, seen, control, experiment).stream())
                .findFirst();
    }

    private static Optional<Broken> broken(Arm arm, Map<UUID, Seen> seen, Figures control, Experiment experiment) {
        Seen version = seen.getOrDefault(arm.versionId(), Seen.NOTHING);
        return breach(experiment.guards(), version, control, experiment.minimumSample())
                .map(breach -> new Broken(arm.number(), arm.versionId(), breach));
    }

    private static Optional<Guard.Breach> breach(List<Guard> guards, Seen version, Figures before, int minimumSample) {
        return guards.stream()
                .flatMap(guard -> guard.breach(version, before, minimumSample).stream())
                .findFirst();
    }

    private void breakOff(Handle handle, Experiment running, Broken broken) {
        String reason = "Version " + broken.number() + ": " + broken.breach().sentence() + ".";
        experimenting.breakOff(handle, WATCH, running, reason);
        announce(
                handle,
                running.agentId(),
                "experiment",
                running.id(),
                broken,
                running.control().number());
    }

    private void look(AgentGuard guard) {
        if (broken(database.inTenant(TenantId.PLATFORM, handle -> onDuty(handle, guard)), guard)
                .isEmpty()) {
            return;
        }
        database.useTenant(TenantId.PLATFORM, handle -> {
            agents.lock(handle, guard.agentId());
            Optional<OnDuty> duty = onDuty(handle, guard);
            broken(duty, guard).ifPresent(broken -> {
                String reason =
                        "Version " + broken.number() + ": " + broken.breach().sentence() + ".";
                int back = releases.rollback(handle, WATCH, TenantId.PLATFORM, guard.agentId(), reason)
                        .number();
                announce(
                        handle,
                        guard.agentId(),
                        "activation",
                        duty.orElseThrow().releaseId(),
                        broken,
                        back);
            });
        });
        selection.evict();
    }

    private record OnDuty(UUID releaseId, int number, UUID versionId, Seen now, Figures before) {}

    /**
     * The version that is active, while its window lasts and there is one to go back to. One rollback in a window: when
     * the version before does badly too, the cause is not the version.
     */
    private Optional<OnDuty> onDuty(Handle handle, AgentGuard guard) {
        List<ReleaseService.Release> two = releases.releases(handle, guard.agentId());
        Duration window = Duration.ofSeconds(guard.windowSeconds());
        if (two.size() < 2
                || two.getFirst().age().compareTo(window) > 0
                || releases.rolledBackBy(handle, WATCH.actor(), guard.agentId(), window)) {
            return Optional.empty();
        }
        ReleaseService.Release now = two.getFirst();
        ReleaseService.Release before = two.getLast();
        return Optional.of(new OnDuty(
                now.id(),
                now.version().number(),
                now.version().id(),
                figures.of(handle, now.id()).getOrDefault(now.version().id(), Seen.NOTHING),
                figures.of(handle, before.id())
                        .getOrDefault(before.version().id(), Seen.NOTHING)
                        .all()));
    }

    private static Optional<Broken> broken(Optional<OnDuty> duty, AgentGuard guard) {
        return duty.flatMap(on -> breach(guard.guards(), on.now(), on.before(), guard.minimumSample())
                .map(breach -> new Broken(on.number(), on.versionId(), breach)));
    }

    private void announce(Handle handle, UUID agentId, String watched, UUID watchedId, Broken broken, int backTo) {
        Guard.Breach breach = broken.breach();
        String slug = agents.slug(handle, agentId);
        LOG.warnf("agent %s: version %d is taken off duty: %s", slug, broken.number(), breach.sentence());
        outbox.append(
                handle,
                TenantId.PLATFORM,
                new PromptGuardBroken(
                        agentId,
                        slug,
                        watched,
                        watchedId,
                        broken.number(),
                        broken.versionId(),
                        backTo,
                        breach.metric(),
                        breach.observed(),
                        breach.limit(),
                        breach.compared(),
                        breach.sample()));
    }

    private void record(Handle handle, Caller caller, UUID agentId, AgentGuard before, AgentGuard after) {
        audit.record(
                handle,
                caller,
                TenantId.PLATFORM,
                new AuditEntry("prompt-guard.change", "agent", agentId.toString(), before, after, null));
    }
}
