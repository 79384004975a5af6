package dev.parley.agent.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.UUID;

/**
 * A run gave no reply; the tenant is charged nothing. The operation may be tried again, and then fail or succeed anew.
 *
 * @param problem the code of the problem that the caller got
 * @param cause whose doing it is
 * @param attempt how often this run was begun
 * @param spent what models took for it all the same
 */
@RegisterForReflection
public record RunFailed(
        @JsonIgnore TenantId tenant,
        UUID operationId,
        UUID runId,
        String conversationId,
        String agent,
        String channel,
        Integer promptVersion,
        UUID promptVersionId,
        UUID releaseId,
        String problem,
        FailureCause cause,
        int attempt,
        List<Spent.Part> spent)
        implements DomainEvent {
    @Override
    public String type() {
        return "agent.run-failed.v1";
    }

    @Override
    public String topic() {
        return "agent.run.events";
    }

    @Override
    public String key() {
        return tenant.toString();
    }

    @Override
    public String subject() {
        return runId.toString();
    }
}
