package dev.parley.platform.audit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Somebody did or looked at something; auth-service keeps the trail. */
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
