package dev.parley.policy.administrative;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

@ApplicationScoped
class AdministrativeRepository {

    void log(
            Handle handle,
            TenantId tenant,
            UUID id,
            AdministrativeRequest request,
            AdministrativeRules.Verdict verdict) {
        handle.createUpdate("""
                        insert into administrative_decision (tenant_id, id, action, credits, admin, allow,
                            approval_required, reason_code, rule_id)
                        values (:tenant, :id, :action, :credits, :admin, :allow, :approval, :reason, :rule)
                        """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("action", request.action().wire())
                .bind("credits", request.credits())
                .bind("admin", request.admin())
                .bind("allow", verdict.allow())
                .bind("approval", verdict.approvalRequired())
                .bind("reason", verdict.reasonCode())
                .bind("rule", verdict.ruleId())
                .execute();
    }
}
