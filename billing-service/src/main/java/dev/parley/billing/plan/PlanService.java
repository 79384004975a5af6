package dev.parley.billing.plan;

import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Publishes plans as versions that never change, and finds them. */
@ApplicationScoped
public class PlanService {
    private final Database database;
    private final PlanRepository plans;
    private final Audit audit;

    PlanService(Database database, PlanRepository plans, Audit audit) {
        this.database = database;
        this.plans = plans;
        this.audit = audit;
    }

    /** The newest version of every plan, cheapest first. */
    public List<Plan> list() {
        return database.global(plans::newestOfEach);
    }

    /** The newest version of a plan, read in the caller's transaction. */
    public Optional<Plan> newest(Handle handle, String code) {
        return plans.newest(handle, code);
    }

    /** One version of a plan, read in the caller's transaction; versions are never deleted. */
    public Plan version(Handle handle, String code, int version) {
        return plans.find(handle, code, version)
                .orElseThrow(() -> new IllegalStateException("no version " + version + " of plan " + code));
    }

    /** As {@link #version}; empty when there is none, for names that come from outside. */
    public Optional<Plan> find(Handle handle, String code, int version) {
        return plans.find(handle, code, version);
    }

    /** Makes the next version of a plan, the first when the code is new; 422 names each wrong field. */
    Plan publish(PlanRequest request, Caller admin) {
        return write(PlanRules.check(request), admin, "plan.publish");
    }

    /** Makes the next version of a plan with these agents; 404 for an unknown plan, 422 for a wrong slug. */
    Plan changeAgents(String code, @Nullable List<@Nullable String> agents, Caller admin) {
        List<String> slugs = PlanRules.checkAgents(agents);
        Plan newest = database.global(handle -> plans.newest(handle, code))
                .orElseThrow(() -> new Problem(PlanProblem.PLAN_NOT_FOUND));
        return write(newest.withAgents(slugs), admin, "plan.change-agents");
    }

    /** The audit entry belongs to the platform, so its tenant is bound; the catalogue's tables have none. */
    private Plan write(Plan plan, Caller admin, String action) {
        return database.inTenant(TenantId.PLATFORM, handle -> {
            plans.lock(handle, plan.code(), admin.actor());
            Optional<Plan> before = plans.newest(handle, plan.code());
            // Only the agents are asked to change: the rest is read again under the lock.
            Plan wanted = action.equals("plan.change-agents") && before.isPresent()
                    ? before.get().withAgents(plan.agents())
                    : plan;
            Plan published = wanted.asVersion(before.map(Plan::version).orElse(0) + 1);
            plans.insert(handle, published, admin.actor());
            audit.record(
                    handle,
                    admin,
                    TenantId.PLATFORM,
                    new AuditEntry(action, "plan", plan.code(), before.orElse(null), published, null));
            return published;
        });
    }
}
