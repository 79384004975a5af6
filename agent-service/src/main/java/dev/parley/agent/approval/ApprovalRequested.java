package dev.parley.agent.approval;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;

/** An agent wants to call a function that a person has to approve; what with is for the tenant's admins to see only. */
@RegisterForReflection
public record ApprovalRequested(
        @JsonIgnore TenantId tenant,
        UUID approvalId,
        String conversationId,
        UUID operationId,
        String agent,
        String channel,
        String tool,
        Instant expiresAt,
        Instant at)
        implements ApprovalEvent {
    @Override
    public String type() {
        return "agent.tool-approval-requested.v1";
    }
}
