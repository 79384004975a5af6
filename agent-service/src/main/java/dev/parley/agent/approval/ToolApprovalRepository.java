package dev.parley.agent.approval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.agent.tool.Wish;
import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.Update;

@ApplicationScoped
class ToolApprovalRepository {
    private static final String VIEW = """
            id, conversation_id, agent, tool, arguments, created_at, expires_at, decided_at, decided_by, used_at,
            case when status in ('pending', 'approved') and expires_at <= now() then 'expired' else status end as status
            """;

    private final ObjectMapper json;

    ToolApprovalRepository(ObjectMapper json) {
        this.json = json;
    }

    /** Uses up what was approved; false when nothing was. */
    boolean use(Handle handle, TenantId tenant, Wish wish) {
        return bound(handle, tenant, wish, """
                        update tool_approval set status = 'used', used_at = now(), used_run = :run, updated_at = now()
                        where tenant_id = :tenant and conversation_id = :conversation and agent = :agent and tool = :tool
                          and fingerprint = :fingerprint and status = 'approved' and expires_at > now()
                        """).bind("run", wish.runId()).execute() == 1;
    }

    /** Asks for an approval, unless it is asked for or given already. */
    void ask(Handle handle, TenantId tenant, UUID id, Wish wish, Duration waits) {
        bound(handle, tenant, wish, """
                        insert into tool_approval as open (tenant_id, id, conversation_id, agent, tool, arguments, fingerprint,
                                                           requested_run, expires_at)
                        values (:tenant, :id, :conversation, :agent, :tool, cast(:arguments as jsonb), :fingerprint, :run,
                                now() + :waits * interval '1 millisecond')
                        on conflict (tenant_id, conversation_id, agent, tool, fingerprint)
                            where status in ('pending', 'approved') do update
                        set status = 'pending', requested_run = excluded.requested_run, expires_at = excluded.expires_at,
                            decided_at = null, decided_by = null, updated_at = now()
                        where open.expires_at <= now()
                        """)
                .bind("id", id)
                .bind("arguments", wish.arguments().toString())
                .bind("run", wish.runId())
                .bind("waits", waits.toMillis())
                .execute();
    }

    private static Update bound(Handle handle, TenantId tenant, Wish wish, String sql) {
        return handle.createUpdate(sql)
                .bind("tenant", tenant.value())
                .bind("conversation", wish.conversationId())
                .bind("agent", wish.agent())
                .bind("tool", wish.tool())
                .bind("fingerprint", wish.fingerprint());
    }

    Optional<ToolApproval> find(Handle handle, TenantId tenant, UUID id) {
        return handle.createQuery("select " + VIEW + " from tool_approval where tenant_id = :tenant and id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .map(this::map)
                .findOne();
    }

    /** Newest first, behind a place. */
    List<ToolApproval> list(Handle handle, TenantId tenant, String status, UUID before, int limit) {
        return handle.createQuery("select * from (select " + VIEW + """
                          from tool_approval where tenant_id = :tenant) shown
                        where (cast(:status as text) is null or status = cast(:status as text))
                          and (cast(:before as uuid) is null or id < cast(:before as uuid))
                        order by id desc limit :limit
                        """)
                .bind("tenant", tenant.value())
                .bind("status", status)
                .bind("before", before)
                .bind("limit", limit)
                .map(this::map)
                .list();
    }

    /** Decides what waits; false when it does not any more. */
    boolean decide(Handle handle, TenantId tenant, UUID id, String status, String by, Duration holds) {
        return handle.createUpdate("""
                        update tool_approval set status = :status, decided_at = now(), decided_by = :by, updated_at = now(),
                               expires_at = now() + :holds * interval '1 millisecond'
                        where tenant_id = :tenant and id = :id and status = 'pending' and expires_at > now()
                        """)
                        .bind("tenant", tenant.value())
                        .bind("id", id)
                        .bind("status", status)
                        .bind("by", by)
                        .bind("holds", holds.toMillis())
                        .execute()
                == 1;
    }

    private ToolApproval map(ResultSet row, StatementContext context) throws SQLException {
        return new ToolApproval(
                row.getObject("id", UUID.class),
                row.getString("conversation_id"),
                row.getString("agent"),
                row.getString("tool"),
                read(row.getString("arguments")),
                row.getString("status"),
                Columns.instant(row, "created_at"),
                Columns.instant(row, "expires_at"),
                Columns.instant(row, "decided_at"),
                row.getString("decided_by"),
                Columns.instant(row, "used_at"));
    }

    private JsonNode read(String stored) {
        try {
            return json.readTree(stored);
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException(corrupt);
        }
    }
}
