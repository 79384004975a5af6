package dev.parley.auth.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.event.ReceivedEvent;
import dev.parley.platform.event.TransactionalEventConsumer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Writes everybody's audit events into the trail of their tenant. */
@ApplicationScoped
class AuditConsumer implements TransactionalEventConsumer {
    private final AuditLogService trail;

    AuditConsumer(AuditLogService trail) {
        this.trail = trail;
    }

    @Override
    public String group() {
        return "auth-service.audit-log";
    }

    @Override
    public Set<String> topics() {
        return Set.of("platform.audit.events");
    }

    @Override
    public Set<String> types() {
        return Set.of("platform.audit-recorded.v1");
    }

    @Override
    public void handle(Handle handle, ReceivedEvent event) {
        handleAll(handle, List.of(event));
    }

    @Override
    public void handleAll(Handle handle, List<ReceivedEvent> events) {
        trail.append(handle, events.stream().map(AuditConsumer::fact).toList());
    }

    private static AuditFact fact(ReceivedEvent event) {
        Recorded recorded = event.as(Recorded.class);
        return new AuditFact(
                event.id(),
                recorded.at(),
                recorded.actor(),
                recorded.action(),
                recorded.resourceType(),
                recorded.resourceId(),
                AuditFact.canonical(recorded.before()),
                AuditFact.canonical(recorded.after()),
                recorded.reason(),
                recorded.operationId(),
                recorded.ticket(),
                Boolean.TRUE.equals(recorded.staff()),
                recorded.accessId());
    }

    /** The event's payload. */
    record Recorded(
            Instant at,
            String actor,
            String action,
            String resourceType,
            @Nullable String resourceId,
            @Nullable JsonNode before,
            @Nullable JsonNode after,
            @Nullable String reason,
            @Nullable UUID operationId,
            @Nullable String ticket,
            @Nullable Boolean staff,
            @Nullable UUID accessId) {}
}
