package dev.parley.policy.decision;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.engine.Verdict;
import dev.parley.policy.hold.OperationStep;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class DecisionRepository {
    private final ObjectMapper mapper;

    DecisionRepository(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** Logs a decision for which nothing is held. */
    void log(Handle handle, TenantId tenant, UUID id, DecisionRequest request, Decided decided) {
        Verdict verdict = decided.verdict();
        handle.createUpdate("""
                        insert into decision (tenant_id, operation_id, id, agent, channel, feature, user_id,
                                              conversation_id, estimate, allow, reason_code, rule_id, policy_version,
                                              rules_version, credits, figures, remedy, standing, contact)
                        values (:tenant, :operation, :id, :agent, :channel, :feature, :user, :conversation,
                                :estimate::jsonb, :allow, :reason, :rule, :policyVersion, :rulesVersion, 0,
                                :figures::jsonb, :remedy, :standing::jsonb, :contact::jsonb)
                        """)
                .bind("tenant", tenant.value())
                .bind("operation", request.operationId())
                .bind("id", id)
                .bind("agent", request.agent())
                .bind("channel", request.channel())
                .bind("feature", request.feature())
                .bind("user", request.userId())
                .bind("conversation", request.conversationId())
                .bind("estimate", write(request.estimate()))
                .bind("allow", verdict.allow())
                .bind("reason", verdict.reason().name())
                .bind("rule", verdict.ruleId())
                .bind("policyVersion", decided.terms().policyVersion())
                .bind("rulesVersion", decided.rulesVersion())
                .bind("figures", verdict.figures() == null ? null : write(verdict.figures()))
                .bind("remedy", verdict.remedy())
                .bind("standing", decided.standing() == null ? null : write(decided.standing()))
                .bind("contact", request.contactFacts() == null ? null : write(request.contactFacts()))
                .execute();
    }

    /**
     * Logs decisions of any tenants in one statement, each once; for the relay role. They were in memory until now, so the
     * commit does not wait for the disk either.
     */
    int logAll(Handle handle, List<DecisionEntry> entries) {
        return handle.createUpdate("""
                        insert into decision (tenant_id, operation_id, id, agent, channel, feature, user_id,
                                              conversation_id, estimate, allow, reason_code, rule_id, policy_version,
                                              rules_version, credits, figures, remedy, standing, contact, lease_id,
                                              created_at)
                        select tenant_id, operation_id, id, agent, channel, feature, user_id, conversation_id, estimate,
                               allow, reason_code, rule_id, policy_version, rules_version, credits, figures, remedy,
                               standing, contact, lease_id, created_at
                          from jsonb_to_recordset(:entries::jsonb)
                               as r (tenant_id uuid, operation_id uuid, id uuid, agent text, channel text, feature text,
                                     user_id text, conversation_id text, estimate jsonb, allow boolean,
                                     reason_code text, rule_id text, policy_version bigint, rules_version int,
                                     credits bigint, figures jsonb, remedy text, standing jsonb, contact jsonb,
                                     lease_id uuid, created_at timestamptz)
                        on conflict do nothing;
                        set local synchronous_commit = off
                        """).bind("entries", write(entries)).execute();
    }

    /** The decisions about an operation, in their order. */
    List<OperationStep> steps(Handle handle, TenantId tenant, UUID operation) {
        return handle.createQuery("""
                        select id, allow, reason_code, rule_id, policy_version, agent, channel, created_at from decision
                         where tenant_id = :tenant and operation_id = :operation order by created_at, id
                        """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .map((row, context) -> {
                    Map<String, Object> detail = new LinkedHashMap<>();
                    detail.put("decision_id", row.getString("id"));
                    detail.put("allow", row.getBoolean("allow"));
                    detail.put("reason_code", row.getString("reason_code"));
                    detail.put("rule_id", row.getString("rule_id"));
                    detail.put("policy_version", row.getLong("policy_version"));
                    detail.put("agent", row.getString("agent"));
                    detail.put("channel", row.getString("channel"));
                    return OperationStep.of(row.getTimestamp("created_at").toInstant(), "decided", detail);
                })
                .list();
    }

    private String write(@Nullable Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
