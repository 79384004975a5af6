package dev.parley.policy.simulation;

import dev.parley.platform.audit.AccessReason;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.engine.PolicyEngine;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.entitlement.EntitlementService;
import dev.parley.policy.entitlement.PlanDraft;
import dev.parley.policy.entitlement.TermsVersion;
import dev.parley.policy.history.HistoryService;
import dev.parley.policy.history.RecordedDecision;
import dev.parley.policy.rules.RulesService;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Makes decisions of the log again, as recorded and under a draft, and tells the difference. It reads page by page
 * through the role that sees all tenants; what it keeps in memory is one page, and a sum for each of the tenants that
 * change most.
 */
@ApplicationScoped
class SimulationService {
    private static final int TENANTS_AT_ONCE = 500;
    private static final int DECISIONS_AT_ONCE = 2000;

    private final Database database;
    private final HistoryService history;
    private final EntitlementService entitlements;
    private final RulesService rules;
    private final Audit audit;
    private final SimulationConfig config;
    private final Semaphore running = new Semaphore(1);

    SimulationService(
            Database database,
            HistoryService history,
            EntitlementService entitlements,
            RulesService rules,
            Audit audit,
            SimulationConfig config) {
        this.database = database;
        this.history = history;
        this.entitlements = entitlements;
        this.rules = rules;
        this.audit = audit;
        this.config = config;
    }

    /**
     * What would have been answered; 409 while another simulation runs, 422 for a draft that makes no sense or a time in
     * which too much was decided. Who asked is written down before anything is read.
     */
    SimulationResponse simulate(SimulationRequest request, AccessReason why, Caller admin) {
        return simulate(request, why, admin, config.patience());
    }

    /** As {@link #simulate}, within that time. */
    SimulationResponse simulate(SimulationRequest request, AccessReason why, Caller admin, Duration patience) {
        Draft draft = draft(request);
        if (!running.tryAcquire()) {
            throw new Problem(SimulationProblem.SIMULATION_RUNNING).header("Retry-After", "5");
        }
        try {
            database.useTenant(
                    TenantId.PLATFORM,
                    handle -> audit.record(handle, admin, TenantId.PLATFORM, entry(request, draft, why)));
            return replay(request, draft, System.nanoTime() + patience.toNanos());
        } finally {
            running.release();
        }
    }

    private Draft draft(SimulationRequest request) {
        PlanDraft plan = request.plan();
        if (plan == null) {
            return new Draft(null, null, rules.engineFor(0, request.rules()));
        }
        try {
            return new Draft(plan.terms(), plan.credits(), null);
        } catch (IllegalArgumentException outOfRange) {
            throw new Problem(CommonProblem.VALIDATION_FAILED, outOfRange)
                    .with(
                            "errors",
                            ProblemCompletion.error("/plan", "has a rate, a quota or an overage that is out of range"));
        }
    }

    private SimulationResponse replay(SimulationRequest request, Draft draft, long giveUp) {
        long decisions = 0;
        long changed = 0;
        long skipped = 0;
        long unreproduced = 0;
        MostChanged changes = new MostChanged(config.mostTenants());
        for (List<TenantId> tenants = tenants(draft, null);
                !tenants.isEmpty();
                tenants = tenants(draft, tenants.getLast())) {
            for (TenantId tenant : tenants) {
                Tally tally = replay(tenant, request, draft, giveUp);
                decisions += tally.decisions();
                changed += tally.changed();
                skipped += tally.skipped();
                unreproduced += tally.unreproduced();
                if (tally.saysAnything()) {
                    changes.add(tally.change());
                }
            }
        }
        return new SimulationResponse(
                decisions, changed, skipped, unreproduced, changes.counted(), changes.mostFirst());
    }

    private List<TenantId> tenants(Draft draft, @Nullable TenantId after) {
        return database.acrossTenants(relay -> entitlements.tenantsOn(relay, draft.planCode(), after, TENANTS_AT_ONCE));
    }

    private Tally replay(TenantId tenant, SimulationRequest request, Draft draft, long giveUp) {
        Tally tally = new Tally(tenant);
        Map<Long, TermsVersion> versions = database.acrossTenants(relay -> entitlements.versions(relay, tenant));
        Map<Long, Terms> drafted = new HashMap<>();
        Map<Integer, PolicyEngine> engines = new HashMap<>();
        for (List<RecordedDecision> page = page(tenant, request, null, giveUp);
                !page.isEmpty();
                page = page(tenant, request, page.getLast().id(), giveUp)) {
            for (RecordedDecision decision : page) {
                TermsVersion version = versions.get(decision.policyVersion());
                if (version == null) {
                    tally.skip();
                } else if (draft.concerns(version.terms())) {
                    Terms terms = version.terms();
                    PolicyEngine engine = engines.computeIfAbsent(decision.rulesVersion(), this::engineOf);
                    tally.add(
                            decision,
                            terms.plan(),
                            decision.again(engine, tenant, terms, 0),
                            decision.again(
                                    draft.engine(engine),
                                    tenant,
                                    drafted.computeIfAbsent(decision.policyVersion(), any -> draft.terms(terms)),
                                    draft.extra(version)));
                }
            }
            if (page.size() < DECISIONS_AT_ONCE) {
                break;
            }
        }
        return tally;
    }

    private PolicyEngine engineOf(int version) {
        return database.global(handle -> rules.engineOf(handle, version));
    }

    private List<RecordedDecision> page(TenantId tenant, SimulationRequest request, @Nullable UUID after, long giveUp) {
        if (System.nanoTime() - giveUp > 0) {
            throw new Problem(SimulationProblem.SIMULATION_TOO_LARGE);
        }
        return database.acrossTenants(
                relay -> history.page(relay, tenant, request.from(), request.to(), after, DECISIONS_AT_ONCE));
    }

    private static AuditEntry entry(SimulationRequest request, Draft draft, AccessReason why) {
        Map<String, Object> after = new HashMap<>();
        after.put("plan", draft.planCode());
        after.put("rules", request.rules());
        after.put("from", request.from());
        after.put("to", request.to());
        return new AuditEntry(
                "policy.simulate", "policy-simulation", Ids.next().toString(), null, after, why.reason(), why.ticket());
    }
}
