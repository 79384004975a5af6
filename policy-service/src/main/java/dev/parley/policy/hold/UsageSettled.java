package dev.parley.policy.hold;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An operation was charged; published once per operation.
 *
 * @param granted credits of open lots after it, as granted
 * @param remaining credits that a new operation could have after it
 * @param held credits that running operations held after it
 */
@RegisterForReflection
public record UsageSettled(
        @JsonIgnore TenantId tenant,
        UUID operationId,
        String agent,
        String channel,
        @Nullable String userId,
        @Nullable String conversationId,
        Instant settledAt,
        long credits,
        List<Line> lines,
        long granted,
        long remaining,
        long held)
        implements DomainEvent {

    /** What one meter cost; {@code usageId} is unique for ever. */
    public record Line(UUID usageId, String meter, long quantity, long credits, boolean estimated) {}

    @Override
    public String type() {
        return "policy.usage-settled.v1";
    }

    @Override
    public String topic() {
        return "policy.usage.events";
    }

    @Override
    public String key() {
        return tenant.toString();
    }

    @Override
    public String subject() {
        return operationId.toString();
    }
}
