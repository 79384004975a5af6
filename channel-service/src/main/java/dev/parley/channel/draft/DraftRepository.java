package dev.parley.channel.draft;

import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of drafts. All times are the database's. */
@ApplicationScoped
class DraftRepository {
    private static final String SELECT = """
            select d.*, d.expires_at <= now() as over, k.id as contact_id, k.display_name as contact_name,
                   (select string_agg(m.text, E'\\n' order by m.seq) from operation o
                      join message m on m.tenant_id = o.tenant_id and m.id = o.message_id
                     where o.tenant_id = d.tenant_id
                       and (o.id = d.operation_id
                            or o.merged_into = d.operation_id and m.operation_id = o.id)) as question
              from draft d
              join conversation c on c.tenant_id = d.tenant_id and c.id = d.conversation_id
              left join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id
             where d.tenant_id = :tenant
            """;

    /** Keeps a reply back; returns until when it waits. */
    Instant insert(Handle handle, TenantId tenant, Reply reply, boolean sampled, Duration life) {
        return handle.createQuery("""
                        insert into draft (tenant_id, id, conversation_id, operation_id, message_id, seq, agent, channel,
                                           epoch, original, text, sampled, prompt_version, prompt_version_id,
                                           finish_reason, expires_at)
                        values (:tenant, :id, :conversation, :operation, :message, :seq, :agent, :channel,
                                :epoch, :text, :text, :sampled, :promptVersion, :promptVersionId, :finishReason,
                                now() + make_interval(secs => :life))
                        returning expires_at
                        """)
                .bind("tenant", tenant.value())
                .bind("id", reply.id())
                .bind("conversation", reply.conversation())
                .bind("operation", reply.operation())
                .bind("message", reply.message())
                .bind("seq", reply.seq())
                .bind("agent", reply.agent())
                .bind("channel", reply.channel())
                .bind("epoch", reply.epoch())
                .bind("text", reply.text())
                .bind("sampled", sampled)
                .bind("promptVersion", reply.promptVersion())
                .bind("promptVersionId", reply.promptVersionId())
                .bind("finishReason", reply.finishReason())
                .bind("life", Columns.seconds(life))
                .map((rs, context) -> Columns.instant(rs, "expires_at"))
                .one();
    }

    Optional<Draft> find(Handle handle, TenantId tenant, UUID id) {
        return handle.createQuery(SELECT + " and d.id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .map((rs, context) -> draft(rs))
                .findOne();
    }

    /** The drafts of an operation, of which there is at most one. */
    Optional<Draft> ofOperation(Handle handle, TenantId tenant, UUID operation) {
        return handle.createQuery(SELECT + " and d.operation_id = :operation")
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .map((rs, context) -> draft(rs))
                .findOne();
    }

    /** What waits, longest first, of which only what can still be sent counts as waiting; all else latest first. */
    List<Draft> list(
            Handle handle,
            TenantId tenant,
            @Nullable DraftState state,
            @Nullable String agent,
            @Nullable String channel,
            @Nullable UUID after,
            int limit) {
        String order = state == DraftState.WAITING ? """
                           and d.epoch = c.epoch and d.expires_at > now()
                           and (cast(:after as uuid) is null or d.id > cast(:after as uuid))
                         order by d.id limit :limit
                        """ : """
                           and (cast(:after as uuid) is null or d.id < cast(:after as uuid))
                         order by d.id desc limit :limit
                        """;
        return handle.createQuery(SELECT + """
                           and (cast(:state as text) is null or d.state = cast(:state as text))
                           and (cast(:agent as text) is null or d.agent = cast(:agent as text))
                           and (cast(:channel as text) is null or d.channel = cast(:channel as text))
                        """ + order)
                .bind("tenant", tenant.value())
                .bind("state", state == null ? null : state.stored())
                .bind("agent", agent)
                .bind("channel", channel)
                .bind("after", after)
                .bind("limit", limit)
                .map((rs, context) -> draft(rs))
                .list();
    }

    /** The operations of drafts that wait in a conversation and can still be sent. */
    List<UUID> waiting(Handle handle, TenantId tenant, UUID conversation) {
        return handle.createQuery("""
                        select d.operation_id from draft d
                          join conversation c on c.tenant_id = d.tenant_id and c.id = d.conversation_id
                         where d.tenant_id = :tenant and d.conversation_id = :conversation and d.state = 'waiting'
                           and d.epoch = c.epoch and d.expires_at > now()
                         order by d.id
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .mapTo(UUID.class)
                .list();
    }

    /** Whether the customer wrote again, and that is being answered. */
    boolean answersAnew(Handle handle, TenantId tenant, UUID conversation) {
        return handle.createQuery("""
                        select exists (select from operation where tenant_id = :tenant
                                          and conversation_id = :conversation and state in ('QUEUED', 'RUNNING'))
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .mapTo(Boolean.class)
                .one();
    }

    /** Changes what will be sent; false when the draft does not wait any more. */
    boolean edit(Handle handle, TenantId tenant, UUID id, String text, String by) {
        return handle.createUpdate("""
                        update draft set text = :text, edited_by = :by, edited_at = now(), version = version + 1,
                               updated_at = now()
                         where tenant_id = :tenant and id = :id and state = 'waiting'
                        """)
                        .bind("tenant", tenant.value())
                        .bind("id", id)
                        .bind("text", text)
                        .bind("by", by)
                        .execute()
                == 1;
    }

    /** Ends the waiting, once; false when it had ended. */
    boolean decide(
            Handle handle, TenantId tenant, UUID id, DraftState state, @Nullable String by, @Nullable String reason) {
        return handle.createUpdate("""
                        update draft set state = :state, decided_by = :by, decided_at = now(), reason = :reason,
                               updated_at = now()
                         where tenant_id = :tenant and id = :id and state = 'waiting'
                        """)
                        .bind("tenant", tenant.value())
                        .bind("id", id)
                        .bind("state", state.stored())
                        .bind("by", by)
                        .bind("reason", reason)
                        .execute()
                == 1;
    }

    /** Ends drafts whose place another operation's answer takes; returns those that waited. */
    List<UUID> supersede(Handle handle, TenantId tenant, List<UUID> operations, UUID by) {
        return handle.createQuery("""
                        update draft set state = 'superseded', superseded_by = :by, decided_at = now(), updated_at = now()
                         where tenant_id = :tenant and operation_id = any(:operations) and state = 'waiting'
                        returning id
                        """)
                .bind("tenant", tenant.value())
                .bindArray("operations", UUID.class, operations.toArray())
                .bind("by", by)
                .mapTo(UUID.class)
                .list();
    }

    /** Makes an approved draft the reply of its turn. */
    void say(Handle handle, TenantId tenant, Draft draft, String approver) {
        handle.createUpdate("""
                        with answered as (
                            update operation set state = 'ANSWERED', reply_id = :id, updated_at = now()
                             where tenant_id = :tenant and id = :operation)
                        insert into message (tenant_id, id, conversation_id, seq, part, role, text, operation_id,
                                             prompt_version, prompt_version_id, finish_reason, approved_by,
                                             created_by)
                        select d.tenant_id, d.id, d.conversation_id, d.seq, 1, 'assistant', d.text, d.operation_id,
                               d.prompt_version, d.prompt_version_id, d.finish_reason, :approver, 'agent:' || d.agent
                          from draft d where d.tenant_id = :tenant and d.id = :id
                        """)
                .bind("tenant", tenant.value())
                .bind("id", draft.id())
                .bind("operation", draft.operation())
                .bind("approver", approver)
                .execute();
    }

    /** Ends the turn of a draft that will not be sent; later answers know of what was asked. */
    void withhold(Handle handle, TenantId tenant, UUID operation, String code) {
        handle.createUpdate("""
                        update operation set state = 'WITHHELD', problem_code = :code, updated_at = now()
                         where tenant_id = :tenant and id = :operation and state = 'DRAFTED'
                        """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .bind("code", code)
                .execute();
    }

    /** Drafts of all tenants that can be sent no more, though they wait; needs the relay role. */
    List<Over> over(Handle acrossTenants, int limit) {
        return acrossTenants
                .createQuery("""
                        select d.tenant_id, d.id from draft d
                          join conversation c on c.tenant_id = d.tenant_id and c.id = d.conversation_id
                         where d.state = 'waiting' and (d.expires_at <= now() or d.epoch <> c.epoch) limit :limit
                        """)
                .bind("limit", limit)
                .map((rs, context) ->
                        new Over(new TenantId(rs.getObject("tenant_id", UUID.class)), rs.getObject("id", UUID.class)))
                .list();
    }

    private static Draft draft(ResultSet rs) throws SQLException {
        return new Draft(
                rs.getObject("id", UUID.class),
                rs.getObject("conversation_id", UUID.class),
                rs.getObject("operation_id", UUID.class),
                rs.getObject("message_id", UUID.class),
                rs.getObject("seq", Long.class),
                rs.getString("agent"),
                rs.getString("channel"),
                rs.getLong("epoch"),
                DraftState.of(rs.getString("state")),
                rs.getString("original"),
                rs.getString("text"),
                rs.getInt("version"),
                rs.getString("edited_by"),
                Columns.instant(rs, "edited_at"),
                rs.getBoolean("sampled"),
                rs.getObject("prompt_version", Integer.class),
                rs.getObject("prompt_version_id", UUID.class),
                rs.getString("decided_by"),
                Columns.instant(rs, "decided_at"),
                rs.getString("reason"),
                rs.getObject("superseded_by", UUID.class),
                Columns.instant(rs, "expires_at"),
                Columns.instant(rs, "created_at"),
                rs.getBoolean("over"),
                rs.getString("question"),
                rs.getObject("contact_id", UUID.class),
                rs.getString("contact_name"));
    }

    /** A draft that can be sent no more. */
    record Over(TenantId tenant, UUID id) {}
}
