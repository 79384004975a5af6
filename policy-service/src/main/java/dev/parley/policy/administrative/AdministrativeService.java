package dev.parley.policy.administrative;

import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.rules.RulesService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** Decides about changes by staff, and keeps what was decided. */
@ApplicationScoped
class AdministrativeService {
    private final Database database;
    private final AdministrativeRepository decisions;
    private final RulesService rules;
    private final AdministrativeConfig config;

    AdministrativeService(
            Database database, AdministrativeRepository decisions, RulesService rules, AdministrativeConfig config) {
        this.database = database;
        this.decisions = decisions;
        this.rules = rules;
        this.config = config;
    }

    AdministrativeResponse decide(TenantId tenant, AdministrativeRequest request) {
        if (!tenant.value().equals(request.tenantId())) {
            throw new Problem(CommonProblem.VALIDATION_FAILED)
                    .with("errors", ProblemCompletion.error("/tenant_id", "is not the tenant that you act for"));
        }
        UUID id = Ids.next();
        Long fourEyesAbove = rules.active().document().fourEyesAbove();
        AdministrativeRules.Verdict verdict = new AdministrativeRules(
                        fourEyesAbove == null ? config.fourEyesAbove() : fourEyesAbove, config.most())
                .judge(request.credits());
        database.useTenant(tenant, handle -> decisions.log(handle, tenant, id, request, verdict));
        return new AdministrativeResponse(
                id,
                verdict.allow(),
                verdict.approvalRequired(),
                verdict.reasonCode(),
                verdict.ruleId(),
                verdict.remedy());
    }
}
