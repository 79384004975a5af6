package dev.parley.platform.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.event.Traces;
import dev.parley.platform.id.Ids;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Publishes events in the transaction of the change that they tell: both happen, or neither. */
@ApplicationScoped
public class Outbox {
    private static final String INSERT = """
            insert into outbox_event (tenant_id, id, topic, key, type, subject, payload, operation_id, traceparent)
            values (:tenant, :id, :topic, :key, :type, :subject, cast(:payload as jsonb), :operation, :traceparent)
            """;

    private final ObjectMapper mapper;
    private final OutboxSignal signal;

    Outbox(ObjectMapper mapper, OutboxSignal signal) {
        this.mapper = mapper;
        this.signal = signal;
    }

    /** Appends one event; it is sent soon after the transaction commits. Returns the event's id. */
    public UUID append(Handle handle, TenantId tenant, DomainEvent event) {
        UUID id = Ids.next();
        handle.createUpdate(INSERT)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("topic", event.topic())
                .bind("key", event.key())
                .bind("type", event.type())
                .bind("subject", event.subject())
                .bind("payload", json(event))
                .bind("operation", Operation.id())
                .bind("traceparent", Traces.current())
                .execute();
        handle.afterCommit(signal::raise);
        return id;
    }

    /** Appends several events in one round trip, in their order. */
    public void appendAll(Handle handle, TenantId tenant, List<? extends DomainEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch(INSERT);
        for (DomainEvent event : events) {
            batch.bind("tenant", tenant.value())
                    .bind("id", Ids.next())
                    .bind("topic", event.topic())
                    .bind("key", event.key())
                    .bind("type", event.type())
                    .bind("subject", event.subject())
                    .bind("payload", json(event))
                    .bind("operation", Operation.id())
                    .bind("traceparent", Traces.current())
                    .add();
        }
        batch.execute();
        handle.afterCommit(signal::raise);
    }

    private String json(DomainEvent event) {
        try {
            return mapper.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("event cannot be written: " + event.type(), e);
        }
    }
}
