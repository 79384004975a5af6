package dev.parley.auth.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class ExportRepository {
    private static final String SELECT = """
            select e.id, e.status, e.requested_by, e.created_at, e.ended_at,
                   (select jsonb_object_agg(p.service, p.kinds) from app.export_part p
                     where p.tenant_id = e.tenant_id and p.export_id = e.id) as parts
              from app.export e where e.tenant_id = app.tenant()
            """;

    private final ObjectMapper mapper;

    ExportRepository(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** A tenant's export that something is due for. */
    record Due(TenantId tenant, UUID id) {}

    /** Begins an export; false while another one runs. */
    boolean begin(Handle handle, UUID id, String requestedBy) {
        return handle.createUpdate("""
                        insert into app.export (tenant_id, id, status, requested_by)
                        values (app.tenant(), :id, 'running', :by) on conflict do nothing
                        """).bind("id", id).bind("by", requestedBy).execute() == 1;
    }

    Optional<Export> find(Handle handle, UUID id) {
        return handle.createQuery(SELECT + " and e.id = :id")
                .bind("id", id)
                .map((row, context) -> export(row))
                .findOne();
    }

    List<Export> latest(Handle handle, @Nullable UUID before, int limit) {
        return handle.createQuery(SELECT + """
                         and (cast(:before as uuid) is null or e.id < cast(:before as uuid)) order by e.id desc limit :limit
                        """)
                .bind("before", before == null ? null : before.toString())
                .bind("limit", limit)
                .map((row, context) -> export(row))
                .list();
    }

    /** Notes what a service has written. */
    void note(Handle handle, UUID id, String service, JsonNode kinds) {
        handle.createUpdate("""
                        insert into app.export_part (tenant_id, export_id, service, kinds)
                        select app.tenant(), id, :service, cast(:kinds as jsonb) from app.export
                         where tenant_id = app.tenant() and id = :id and status = 'running'
                        on conflict (tenant_id, export_id, service) do update set kinds = excluded.kinds
                        """)
                .bind("id", id)
                .bind("service", service)
                .bind("kinds", kinds.toString())
                .execute();
    }

    /** Ends an export that was in one state in another; false when it was not. */
    boolean become(Handle handle, UUID id, String before, String after) {
        return handle.createUpdate("""
                        update app.export set status = :after, ended_at = coalesce(ended_at, now()), updated_at = now()
                         where tenant_id = app.tenant() and id = :id and status = :before
                        """)
                        .bind("id", id)
                        .bind("before", before)
                        .bind("after", after)
                        .execute()
                == 1;
    }

    /** Exports in a state since before a time; needs the transaction of the relay role. */
    List<Due> since(Handle relay, String status, Instant time, int limit) {
        return relay.createQuery("""
                        select tenant_id, id from app.export
                         where status = :status and coalesce(ended_at, created_at) < :time order by id limit :limit
                        """)
                .bind("status", status)
                .bind("time", OffsetDateTime.ofInstant(time, ZoneOffset.UTC))
                .bind("limit", limit)
                .map((row, context) ->
                        new Due(new TenantId(row.getObject("tenant_id", UUID.class)), row.getObject("id", UUID.class)))
                .list();
    }

    private Export export(ResultSet row) throws SQLException {
        SortedMap<String, JsonNode> parts = new TreeMap<>();
        if (row.getString("parts") != null) {
            json(row.getString("parts")).properties().forEach(part -> parts.put(part.getKey(), part.getValue()));
        }
        return new Export(
                row.getObject("id", UUID.class),
                row.getString("status"),
                row.getString("requested_by"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                Columns.instant(row, "ended_at"),
                parts);
    }

    private JsonNode json(String text) {
        try {
            return mapper.readTree(text);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("jsonb that is no JSON", impossible);
        }
    }
}
