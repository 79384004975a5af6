package dev.parley.policy.tenantdata;

import dev.parley.platform.lifecycle.TenantData;
import dev.parley.platform.lifecycle.TenantTable;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Decisions and holds are usage; the balance and what it is made of lives as long as the tenant. */
@ApplicationScoped
class PolicyTenantData implements TenantData {
    private static final String BALANCE = "the balance is made of it";
    private static final List<TenantTable> TABLES = List.of(
            TenantTable.named("hold")
                    .exported("holds", "operation_id", """
                            operation_id, decision_id, state, credits, agent, channel, user_id, conversation_id, expires_at,
                            rated, charged, lines, closed_at, close_reason, created_at
                            """)
                    .retained("usage", "closed_at < :cutoff and state <> 'held'"),
            TenantTable.named("decision")
                    .exported("decisions", "operation_id, id", """
                            id, operation_id, agent, channel, feature, user_id, conversation_id, estimate, allow,
                            reason_code, rule_id, policy_version, rules_version, credits, figures, remedy, standing,
                            contact, created_at
                            """)
                    .retained("usage", "created_at < :cutoff"),
            TenantTable.named("entitlement_version")
                    .exported("entitlement-versions", "policy_version", """
                            policy_version, suspended, subscription, created_at
                            """)
                    .notRetained("a row per change of plan: what the decisions were made on"),
            TenantTable.named("administrative_decision")
                    .exported("administrative-decisions", "id", """
                            id, action, credits, admin, allow, approval_required, reason_code, rule_id, created_at
                            """)
                    .notRetained("tells why staff could change what they changed"),
            TenantTable.named("credit_withdrawal")
                    .exported("credit-withdrawals", "id", "id, credits, lots, created_at")
                    .notRetained(BALANCE),
            TenantTable.named("credit_lot").exported("credit-lots", "id", """
                            id, source, granted, remaining, unspent, reason, expires_at, closed_at, created_at
                            """).notRetained(BALANCE),
            TenantTable.named("credit_account")
                    .exported("balance", "tenant_id", """
                            granted, available, held, leased, drawn, period_start, period_end, counters, updated_at
                            """)
                    .notRetained(BALANCE),
            TenantTable.named("credit_lease")
                    .notExported("how replicas share the work; the balance says how much is set aside")
                    .notRetained("a lease lives for seconds"),
            TenantTable.named("entitlement")
                    .exported("entitlement", "tenant_id", """
                            version, subscription, suspended, suspension_reason, updated_at
                            """)
                    .notRetained("one row: what the tenant may do now"));

    @Override
    public List<TenantTable> tables() {
        return TABLES;
    }
}
