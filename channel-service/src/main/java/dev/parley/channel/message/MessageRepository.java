package dev.parley.channel.message;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of messages and of the operations that answer them; {@link AdmissionRepository} makes the first of each. */
@ApplicationScoped
class MessageRepository {
    private static final String STORED = """
        select m.id, m.conversation_id, m.seq, m.text, m.attachments, m.client_message_id, m.created_at,
               m.created_by, o.id as operation_id, o.agent, o.channel, o.user_id, o.state, o.problem_code,
               o.credits, o.input_tokens, o.output_tokens, o.created_at as started_at,
               r.id as reply_id, r.text as reply_text, r.prompt_version, r.finish_reason,
               r.created_at as replied_at
          from message m
          join operation o on o.tenant_id = m.tenant_id and o.id = m.operation_id
          left join message r on r.tenant_id = m.tenant_id and r.conversation_id = m.conversation_id
                             and r.seq = m.seq and r.part = 1
        """;

    private static final String COMPLETE = """
        with o as (
            update operation
               set state = 'ANSWERED', reply_id = :reply, decision_id = :decision, decided_at = :decidedAt,
                   run_id = :run, provider = :provider, model = :model, ran_at = :ranAt, settled_at = :settledAt,
                   credits = :credits, input_tokens = :inputTokens, output_tokens = :outputTokens,
                   finished_at = clock_timestamp(), updated_at = now()
             where tenant_id = :tenant and id = :operation and state in ('QUEUED', 'RUNNING')
            returning id
        )
        insert into message (tenant_id, id, conversation_id, seq, part, role, text, operation_id, prompt_version,
                             finish_reason, created_by)
        select :tenant, :reply, :conversation, :seq, 1, 'assistant', :text, o.id, :promptVersion, :finishReason,
               :by
          from o
        returning created_at
        """;

    private final ObjectMapper json;

    MessageRepository(ObjectMapper json) {
        this.json = json;
    }

    Optional<Stored> findByClientId(Handle handle, TenantId tenant, UUID conversation, String clientMessageId) {
        return handle.createQuery(STORED + """
            where m.tenant_id = :tenant and m.conversation_id = :conversation
              and m.client_message_id = :client and m.part = 0
            """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bind("client", clientMessageId)
                .map((rs, context) -> stored(rs))
                .findOne();
    }

    Optional<Stored> findByOperation(Handle handle, TenantId tenant, UUID operation) {
        return handle.createQuery(STORED + """
            where m.tenant_id = :tenant and m.part = 0
              and m.id = (select message_id from operation where tenant_id = :tenant and id = :operation)
              and o.id = :operation
            """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .map((rs, context) -> stored(rs))
                .findOne();
    }

    /**
     * Earlier messages, latest first, without those turns, and without what was never sent or is not for agents. A
     * message that was answered together with a later one, or by a person, is marked as told.
     */
    List<History.Line> historyBefore(Handle handle, TenantId tenant, UUID conversation, List<Long> without, int limit) {
        return handle.createQuery("""
                        select m.seq, m.part, m.role, m.text,
                               coalesce(o.state in ('MERGED', 'HELD_BY_STAFF'), false) as told
                          from message m
                          left join operation o on m.part = 0 and o.tenant_id = m.tenant_id and o.id = m.operation_id
                         where m.tenant_id = :tenant and m.conversation_id = :conversation
                           and m.seq <> all(:without) and m.role <> 'notice' and m.cancelled_at is null
                         order by m.seq desc, m.part desc limit :limit
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bindArray("without", Long.class, without.toArray())
                .bind("limit", limit)
                .map((rs, context) -> new History.Line(
                        rs.getLong("seq"),
                        rs.getInt("part"),
                        rs.getString("role"),
                        rs.getString("text"),
                        rs.getBoolean("told")))
                .list();
    }

    /** Whether that conversation is on a messenger, where the bot and people speak to a customer. */
    boolean isOnMessenger(Handle handle, TenantId tenant, UUID conversation) {
        return handle.createQuery("""
                        select exists (select from conversation where tenant_id = :tenant and id = :conversation
                                          and channel_account_id is not null)
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .mapTo(Boolean.class)
                .one();
    }

    void startAttempt(
            Handle handle,
            TenantId tenant,
            Stored of,
            UUID operation,
            @Nullable String user,
            String by,
            double abandoned) {
        handle.createUpdate("""
            with m as (
                update message set operation_id = :operation, updated_at = now()
                 where tenant_id = :tenant and id = :message returning conversation_id)
            insert into operation (tenant_id, id, conversation_id, message_id, channel, agent, user_id,
                                   state, due_at, created_by)
            select :tenant, :operation, m.conversation_id, :message, :channel, :agent, :user, 'RUNNING',
                   now() + make_interval(secs => :abandoned), :by
              from m
            """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .bind("message", of.message().id())
                .bind("channel", of.channel())
                .bind("agent", of.agent())
                .bind("user", user)
                .bind("abandoned", abandoned)
                .bind("by", by)
                .execute();
    }

    /** Marks a queued operation as being worked on. */
    void start(Handle handle, TenantId tenant, UUID operation, double abandoned) {
        handle.createUpdate("""
            update operation set state = 'RUNNING', attempts = attempts + 1, updated_at = now(),
                   due_at = now() + make_interval(secs => :abandoned)
             where tenant_id = :tenant and id = :operation and state in ('QUEUED', 'RUNNING')
            """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .bind("abandoned", abandoned)
                .execute();
    }

    /** Stores the reply and closes the operation; empty when the operation was closed before. */
    Optional<Instant> complete(Handle handle, Turn turn, UUID reply, String text, Outcome outcome) {
        return handle.createQuery(COMPLETE)
                .bind("tenant", turn.tenant().value())
                .bind("operation", turn.operationId())
                .bind("reply", reply)
                .bind("decision", outcome.decision().decisionId())
                .bind("decidedAt", outcome.decidedAt())
                .bind("run", outcome.run().runId())
                .bind("provider", outcome.run().provider())
                .bind("model", outcome.run().model())
                .bind("ranAt", outcome.ranAt())
                .bind("settledAt", outcome.settledAt())
                .bind("credits", outcome.credits())
                .bind("inputTokens", outcome.run().usage().inputTokens())
                .bind("outputTokens", outcome.run().usage().outputTokens())
                .bind("conversation", turn.conversationId())
                .bind("seq", turn.seq())
                .bind("text", text)
                .bind("promptVersion", outcome.run().promptVersion())
                .bind("finishReason", outcome.run().finishReason())
                .bind("by", "agent:" + turn.agent())
                .map((rs, context) -> instant(rs, "created_at"))
                .findOne();
    }

    /** Closes an operation without a reply; false when it was closed before. */
    boolean close(
            Handle handle, TenantId tenant, UUID operation, String state, String problem, @Nullable String decision) {
        return handle.createUpdate("""
            update operation set state = :state, problem_code = :problem, decision_id = :decision,
                   finished_at = clock_timestamp(), updated_at = now()
             where tenant_id = :tenant and id = :operation and state in ('QUEUED', 'RUNNING')
            """)
                        .bind("tenant", tenant.value())
                        .bind("operation", operation)
                        .bind("state", state)
                        .bind("problem", problem)
                        .bind("decision", decision)
                        .execute()
                == 1;
    }

    List<Position> list(Handle handle, TenantId tenant, UUID conversation, long beforeSeq, int beforePart, int limit) {
        return handle.createQuery("""
            select m.id, m.conversation_id, m.seq, m.part, m.role, m.text, m.operation_id,
                               coalesce(m.attachments,
                                        (select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                                                    'type', split_part(coalesce(d.media_type, 'unknown'), '/', 1),
                                                    'url', '/api/v1/media/' || d.id, 'media_type', d.media_type,
                                                    'file_name', d.file_name, 'state', lower(d.state))) order by d.id)
                                           from media d
                                          where d.tenant_id = m.tenant_id and d.message_id = m.id)) as attachments,
                   m.client_message_id, m.prompt_version, m.finish_reason, m.created_at,
                   case when m.part = 0 then lower(o.state)
                                    when s.state = 'SENT' then coalesce(m.delivery, 'sent')
                                    else lower(s.state) end as status
              from message m
              left join operation o on o.tenant_id = m.tenant_id and o.id = m.operation_id and m.part = 0
              left join lateral (
                  select case when bool_or(state = 'FAILED') then 'FAILED'
                              when bool_or(state = 'AMBIGUOUS') then 'AMBIGUOUS'
                              when bool_or(state = 'SENDING') then 'SENDING'
                              when bool_or(state = 'PENDING') then 'PENDING'
                              when bool_or(state = 'HELD') then 'HELD'
                                          when bool_or(state = 'CANCELLED') then 'CANCELLED'
                              when bool_and(state = 'SENT') then 'SENT' end as state
                    from send_intent i
                   where m.part = 1 and i.tenant_id = m.tenant_id and i.operation_id = m.operation_id) s
                on true
             where m.tenant_id = :tenant and m.conversation_id = :conversation
               and (m.seq, m.part) < (:seq, :part)
             order by m.seq desc, m.part desc limit :limit
            """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bind("seq", beforeSeq)
                .bind("part", beforePart)
                .bind("limit", limit)
                .map((rs, context) -> new Position(
                        rs.getLong("seq"),
                        rs.getInt("part"),
                        new MessageView(
                                rs.getObject("id", UUID.class),
                                rs.getObject("conversation_id", UUID.class),
                                rs.getString("role"),
                                rs.getString("text"),
                                instant(rs, "created_at"),
                                rs.getString("status"),
                                rs.getString("client_message_id"),
                                json(rs.getString("attachments")),
                                rs.getObject("operation_id", UUID.class),
                                rs.getObject("prompt_version", Integer.class),
                                rs.getString("finish_reason"))))
                .list();
    }

    /** Operations of all tenants that should have ended long ago; needs the relay role. */
    List<Abandoned> abandoned(Handle acrossTenants, int limit) {
        return acrossTenants
                .createQuery("""
                    select tenant_id, id from operation
                     where state in ('QUEUED', 'RUNNING') and due_at < now() order by due_at limit :limit
                    """)
                .bind("limit", limit)
                .map((rs, context) -> new Abandoned(
                        new TenantId(rs.getObject("tenant_id", UUID.class)), rs.getObject("id", UUID.class)))
                .list();
    }

    /** Takes an abandoned operation for this replica alone; false when another was faster. */
    boolean takeOver(Handle handle, TenantId tenant, UUID operation, double abandoned) {
        return handle.createUpdate("""
            update operation set due_at = now() + make_interval(secs => :abandoned), updated_at = now()
             where tenant_id = :tenant and id = :operation and state in ('QUEUED', 'RUNNING')
               and due_at < now()
            """)
                        .bind("tenant", tenant.value())
                        .bind("operation", operation)
                        .bind("abandoned", abandoned)
                        .execute()
                == 1;
    }

    private Stored stored(ResultSet rs) throws SQLException {
        UUID conversation = rs.getObject("conversation_id", UUID.class);
        UUID operation = rs.getObject("operation_id", UUID.class);
        String state = rs.getString("state");
        JsonNode attachments = json(rs.getString("attachments"));
        MessageView message = MessageView.inbound(
                rs.getObject("id", UUID.class),
                conversation,
                rs.getString("text"),
                instant(rs, "created_at"),
                state.toLowerCase(java.util.Locale.ROOT),
                rs.getString("client_message_id"),
                attachments,
                operation);
        UUID replyId = rs.getObject("reply_id", UUID.class);
        Answer answer = replyId == null
                ? null
                : new Answer(
                        message.answered(),
                        new Answer.Reply(
                                replyId,
                                rs.getString("reply_text"),
                                rs.getObject("prompt_version", Integer.class),
                                rs.getString("finish_reason"),
                                instant(rs, "replied_at")),
                        new Answer.Usage(
                                rs.getObject("credits", Long.class),
                                rs.getLong("input_tokens"),
                                rs.getLong("output_tokens")),
                        operation);
        return new Stored(
                message,
                rs.getLong("seq"),
                rs.getString("agent"),
                rs.getString("channel"),
                rs.getString("user_id"),
                rs.getString("created_by"),
                state,
                instant(rs, "started_at"),
                answer);
    }

    private JsonNode json(@Nullable String text) {
        try {
            return text == null ? null : json.readTree(text);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("the database holds malformed JSON", impossible);
        }
    }

    static History.Line line(ResultSet rs) throws SQLException {
        return new History.Line(rs.getLong("seq"), rs.getInt("part"), rs.getString("role"), rs.getString("text"));
    }

    static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
        OffsetDateTime at = rs.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    /** A known message with its latest attempt, and the answer when there is one. */
    record Stored(
            MessageView message,
            long seq,
            String agent,
            String channel,
            @Nullable String userId,
            String createdBy,
            String state,
            Instant startedAt,
            @Nullable Answer answer) {
        boolean open() {
            return "QUEUED".equals(state) || "RUNNING".equals(state);
        }
    }

    /** A listed message and its place. */
    record Position(long seq, int part, MessageView message) {}

    /** An operation without an end. */
    record Abandoned(TenantId tenant, UUID operation) {}
}
