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
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;

@ApplicationScoped
class ToolApprovalRepository {
    private static final String VIEW = """
            id, operation_id, conversation_id, agent, channel, tool, arguments, outcome, result, created_at, expires_at,
            decided_at, decided_by, used_at,
            case when expires_at > now() then status
                 when status = 'pending' then 'expired'
                 when status = 'approved' then 'unknown'
                 else status end as status
            """;

    private final ObjectMapper json;

    ToolApprovalRepository(ObjectMapper json) {
        this.json = json;
    }

    /** Takes the lock that puts all that happens to a conversation's wishes in a row. */
    void lock(Handle handle, TenantId tenant, String conversation) {
        handle.createQuery("select pg_advisory_xact_lock(hashtextextended(:name, 0))")
                .bind("name", "tool-approvals/" + tenant + "/" + conversation)
                .mapTo(String.class)
                .one();
    }

    /** How many other wishes of its conversation wait. */
    int othersWaiting(Handle handle, TenantId tenant, Wish wish) {
        return bound(handle.createQuery("""
                        select count(*) from tool_approval
                        where tenant_id = :tenant and conversation_id = :conversation and status = 'pending'
                          and expires_at > now() and not (agent = :agent and tool = :tool and fingerprint = :fingerprint)
                        """), tenant, wish).mapTo(Integer.class).one();
    }

    /**
     * What came of late of this very wish, and was not given to another run; from now on it is this one's. Also that nobody
     * can tell.
     */
    Optional<ToolApproval> give(Handle handle, TenantId tenant, Wish wish, Duration told) {
        return bound(
                        handle.createQuery(
                                "update tool_approval set told_run = :run, updated_at = now() where " + """
                        tenant_id = :tenant and id = (
                            select id from tool_approval
                            where tenant_id = :tenant and conversation_id = :conversation and agent = :agent and tool = :tool
                              and fingerprint = :fingerprint and (told_run is null or told_run = :run)
                              and (status = 'used' or (status = 'approved' and expires_at <= now()))
                              and coalesce(used_at, expires_at) > now() - :told * interval '1 millisecond'
                            order by id limit 1)
                        returning
                        """ + VIEW),
                        tenant,
                        wish)
                .bind("run", wish.runId())
                .bind("told", told.toMillis())
                .map(this::map)
                .findOne();
    }

    /** Whether this very wish is being carried out. */
    boolean underWay(Handle handle, TenantId tenant, Wish wish) {
        return bound(handle.createQuery("""
                        select exists (select 1 from tool_approval
                        where tenant_id = :tenant and conversation_id = :conversation and agent = :agent and tool = :tool
                          and fingerprint = :fingerprint and status = 'approved' and expires_at > now())
                        """), tenant, wish).mapTo(Boolean.class).one();
    }

    /** Asks for an approval, and returns what now waits; empty when it waits already. */
    Optional<ToolApproval> ask(Handle handle, TenantId tenant, UUID id, Wish wish, Duration waits) {
        return bound(handle.createQuery("""
                        insert into tool_approval as open (tenant_id, id, conversation_id, agent, channel, tool, tool_version,
                                                           arguments, fingerprint, operation_id, requested_run, expires_at)
                        values (:tenant, :id, :conversation, :agent, :channel, :tool, :version, cast(:arguments as jsonb),
                                :fingerprint, :operation, :run, now() + :waits * interval '1 millisecond')
                        on conflict (tenant_id, conversation_id, agent, tool, fingerprint) where status = 'pending' do update
                        set channel = excluded.channel, tool_version = excluded.tool_version,
                            operation_id = excluded.operation_id,
                            requested_run = excluded.requested_run, expires_at = excluded.expires_at, updated_at = now()
                        where open.expires_at <= now()
                        returning
                        """ + VIEW), tenant, wish)
                .bind("id", id)
                .bind("channel", wish.channel())
                .bind("version", wish.version())
                .bind("arguments", wish.arguments().toString())
                .bind("operation", wish.operationId())
                .bind("run", wish.runId())
                .bind("waits", waits.toMillis())
                .map(this::map)
                .findOne();
    }

    private static <T extends SqlStatement<T>> T bound(T statement, TenantId tenant, Wish wish) {
        return statement
                .bind("tenant", tenant.value())
                .bind("conversation", wish.conversationId())
                .bind("agent", wish.agent())
                .bind("tool", wish.tool())
                .bind("fingerprint", wish.fingerprint());
    }

    /** The last things that were decided on an agent's wishes in a conversation, oldest first. */
    List<ToolApproval> recent(
            Handle handle, TenantId tenant, String conversation, String agent, Duration told, int most) {
        return handle.createQuery("select * from (select " + VIEW + """
                        from tool_approval
                        where tenant_id = :tenant and conversation_id = :conversation and agent = :agent
                          and decided_at > now() - :told * interval '1 millisecond'
                        order by decided_at desc limit :most) last order by decided_at
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bind("agent", agent)
                .bind("told", told.toMillis())
                .bind("most", most)
                .map(this::map)
                .list();
    }

    /** Says what came of what was approved; false when somebody said so before. */
    boolean finish(Handle handle, TenantId tenant, UUID id, String outcome, String result) {
        return handle.createUpdate("""
                        update tool_approval set status = 'used', outcome = :outcome, result = :result, used_at = now(),
                               updated_at = now()
                        where tenant_id = :tenant and id = :id and status = 'approved'
                        """)
                        .bind("tenant", tenant.value())
                        .bind("id", id)
                        .bind("outcome", outcome)
                        .bind("result", result)
                        .execute()
                == 1;
    }

    /** Says that nobody can tell what came of what was approved. */
    void leaveUnknown(Handle handle, TenantId tenant, UUID id, String result) {
        handle.createUpdate("""
                        update tool_approval set result = :result, expires_at = now(), updated_at = now()
                        where tenant_id = :tenant and id = :id and status = 'approved'
                        """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("result", result)
                .execute();
    }

    /** Which function a wish was shown for. */
    String version(Handle handle, TenantId tenant, UUID id) {
        return handle.createQuery("select tool_version from tool_approval where tenant_id = :tenant and id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .mapTo(String.class)
                .one();
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
    boolean decide(Handle handle, TenantId tenant, UUID id, String status, String by, Duration takes) {
        return handle.createUpdate("""
                        update tool_approval set status = :status, decided_at = now(), decided_by = :by, updated_at = now(),
                               expires_at = now() + :takes * interval '1 millisecond'
                        where tenant_id = :tenant and id = :id and status = 'pending' and expires_at > now()
                        """)
                        .bind("tenant", tenant.value())
                        .bind("id", id)
                        .bind("status", status)
                        .bind("by", by)
                        .bind("takes", takes.toMillis())
                        .execute()
                == 1;
    }

    private ToolApproval map(ResultSet row, StatementContext context) throws SQLException {
        return new ToolApproval(
                row.getObject("id", UUID.class),
                row.getObject("operation_id", UUID.class),
                row.getString("conversation_id"),
                row.getString("agent"),
                row.getString("channel"),
                row.getString("tool"),
                read(row.getString("arguments")),
                row.getString("status"),
                row.getString("outcome"),
                row.getString("result"),
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
