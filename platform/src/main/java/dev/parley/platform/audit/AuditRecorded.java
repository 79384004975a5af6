package dev.parley.platform.audit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Somebody did or looked at something; auth-service keeps the trail.
 *
 * @param staff true when Parley's staff acted on a tenant that is not its own, otherwise null
 * @param accessId the break-glass grant under which it was read, or null
 */
public record AuditRecorded(
        Instant at,
        String actor,
        String action,
        String resourceType,
        String resourceId,
        @Nullable Object before,
        @Nullable Object after,
        @Nullable String reason,
        UUID operationId,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String ticket,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean staff,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable UUID accessId,
        @JsonIgnore TenantId tenant)
        implements DomainEvent {
    @Override
    public String type() {
        return "platform.audit-recorded.v1";
    }

    @Override
    public String topic() {
        return "platform.audit.events";
    }

    @Override
    public String key() {
        return tenant.toString();
    }

    @Override
    public String subject() {
        return resourceId;
    }
}
