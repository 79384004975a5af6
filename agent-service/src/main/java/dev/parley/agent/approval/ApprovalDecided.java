package dev.parley.agent.approval;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;

/**
 * A person rejected what an agent wanted to do, or approved it and it was carried out.
 *
 * @param state rejected, done or failed
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ApprovalDecided(
        @JsonIgnore TenantId tenant,
        UUID approvalId,
        String conversationId,
        UUID operationId,
        String agent,
        String channel,
        String tool,
        String state,
        String decidedBy,
        Instant at)
        implements ApprovalEvent {
    @Override
    public String type() {
        return "agent.tool-approval-decided.v1";
    }
}
