package dev.parley.platform.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.data.Database;
import dev.parley.platform.data.TenantStatement;
import dev.parley.platform.data.WakeUp;
import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.id.Ids;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.operation.Trace;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Publishes events in the transaction of the change that they tell: both happen, or neither. */
@ApplicationScoped
public class Outbox {
    private static final String INSERT = """
            insert into outbox_event (tenant_id, id, topic, key, type, subject, payload, operation_id, traceparent)
            values (?, ?, ?, ?, ?, ?, cast(? as jsonb), ?, ?)""";

    private static final String INSERT_ALL = """
            insert into outbox_event (tenant_id, id, topic, key, type, subject, payload, operation_id, traceparent)
            select ?, id, topic, key, type, subject, cast(payload as jsonb), operation_id, traceparent
              from unnest(?, ?, ?, ?, ?, ?, ?, ?) with ordinality
                   as e (id, topic, key, type, subject, payload, operation_id, traceparent, place)
             order by place""";

    private final ObjectMapper mapper;
    private final WakeUp committed = new WakeUp();

    Outbox(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** Wakes whoever sends them. */
    WakeUp committed() {
        return committed;
    }

    /** Appends one event; it is sent soon after the transaction commits. Returns the event's id. */
    public UUID append(Handle handle, TenantId tenant, DomainEvent event) {
        UUID id = Ids.next();
        append(handle, tenant, id, new Entry(event, Operation.id(), Trace.traceparent()));
        return id;
    }

    private void append(Handle handle, TenantId tenant, UUID id, Entry entry) {
        DomainEvent event = entry.event();
        Database.atCommit(
                handle,
                INSERT,
                Arrays.asList(
                        tenant.value(),
                        id,
                        event.topic(),
                        event.key(),
                        event.type(),
                        event.subject(),
                        json(event),
                        entry.operation(),
                        entry.traceparent()));
        handle.afterCommit(committed::raise);
    }

    /** Appends several events at once, in their order. */
    public void appendAll(Handle handle, TenantId tenant, List<? extends DomainEvent> events) {
        if (!events.isEmpty()) {
            UUID operation = Operation.id();
            String traceparent = Trace.traceparent();
            appendEach(
                    handle,
                    tenant,
                    events.stream()
                            .map(event -> new Entry(event, operation, traceparent))
                            .toList());
        }
    }

    /** An event with the operation and the trace that it belongs to, which need not be those of this thread. */
    public record Entry(
            DomainEvent event, UUID operation, @Nullable String traceparent) {}

    /** As {@link #appendAll}, for operations that are committed together. */
    public void appendEach(Handle handle, TenantId tenant, List<Entry> entries) {
        if (entries.size() <= 1) {
            entries.forEach(entry -> append(handle, tenant, Ids.next(), entry));
            return;
        }
        Database.atCommit(
                handle,
                INSERT_ALL,
                List.of(
                        tenant.value(),
                        array(handle, "uuid", entries, entry -> Ids.next()),
                        array(handle, "text", entries, entry -> entry.event().topic()),
                        array(handle, "text", entries, entry -> entry.event().key()),
                        array(handle, "text", entries, entry -> entry.event().type()),
                        array(handle, "text", entries, entry -> entry.event().subject()),
                        array(handle, "text", entries, entry -> json(entry.event())),
                        array(handle, "uuid", entries, Entry::operation),
                        array(handle, "text", entries, Entry::traceparent)));
        handle.afterCommit(committed::raise);
    }

    private static Array array(
            Handle handle, String type, List<Entry> entries, Function<Entry, @Nullable Object> column) {
        try {
            return handle.getConnection()
                    .createArrayOf(type, entries.stream().map(column).toArray());
        } catch (SQLException e) {
            throw new IllegalStateException("an array cannot be made", e);
        }
    }

    /**
     * The end of a statement that appends one event in the round trip of the change itself, for each row of a part of
     * the statement: {@code with done as (update … returning tenant_id) } + {@code appendFor("done")}. Bind its values
     * with {@link #bind} and call {@link #appended} when it is done.
     */
    public static String appendFor(String rows) {
        return "insert into outbox_event (tenant_id, id, topic, key, type, subject, payload, operation_id, traceparent) "
                + "select tenant_id, ?, ?, ?, ?, ?, cast(? as jsonb), ?, ? from " + rows;
    }

    /** Binds the values of {@link #appendFor}, which are the last of the statement. */
    public TenantStatement bind(TenantStatement statement, DomainEvent event) {
        return statement
                .bind(Ids.next())
                .bind(event.topic())
                .bind(event.key())
                .bind(event.type())
                .bind(event.subject())
                .bind(json(event))
                .bind(Operation.id())
                .bind(Trace.traceparent());
    }

    /** Says that a statement with {@link #appendFor} was run, so that its event is sent soon. */
    public void appended() {
        committed.raise();
    }

    private String json(DomainEvent event) {
        try {
            return mapper.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("event cannot be written: " + event.type(), e);
        }
    }
}
