package dev.parley.channel.message;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of messages and of the operations that answer them. */
@ApplicationScoped
class MessageRepository {
    /** One statement: numbers the turn, stores message and operation, and reads what the agent has to know. */
    private static final String ADMIT = """
            with c as (
                update conversation set last_seq = last_seq + 1, updated_at = now()
                 where tenant_id = :tenant and id = :conversation and channel_account_id is null
                returning id, agent, channel, last_seq
            ), m as (
                insert into message (tenant_id, id, conversation_id, seq, part, role, text, attachments, operation_id,
                                     client_message_id, created_by)
                select :tenant, :message, c.id, c.last_seq, 0, 'user', :text, cast(:attachments as jsonb), :operation,
                       :clientMessageId, :by
                  from c
                on conflict (tenant_id, conversation_id, client_message_id) where client_message_id is not null
                    do nothing
                returning id, created_at
            ), o as (
                insert into operation (tenant_id, id, conversation_id, message_id, channel, agent, user_id, state,
                                       due_at, created_by)
                select :tenant, :operation, c.id, m.id, c.channel, c.agent, :user, 'RUNNING',
                       now() + make_interval(secs => :abandoned), :by
                  from c, m
            )
            select c.agent, c.channel, c.last_seq, m.created_at, h.seq, h.part, h.role, h.text
              from c
              left join m on true
              left join lateral (
                  select seq, part, role, text from message
                   where tenant_id = :tenant and conversation_id = :conversation
                   order by seq desc, part desc limit :history) h on true
            """;

    /** As above for callers that bring their own context: the conversation begins with its first message. */
    private static final String ADMIT_OUTSIDE = """
            with c as (
                insert into conversation (tenant_id, id, agent, channel, thread_key, last_seq, created_by)
                values (:tenant, :conversation, :agent, :channel, :thread, 1, :by)
                on conflict (tenant_id, thread_key) do update
                    set last_seq = conversation.last_seq + 1, agent = excluded.agent, updated_at = now()
                returning id, last_seq
            ), m as (
                insert into message (tenant_id, id, conversation_id, seq, part, role, text, operation_id,
                                     client_message_id, created_by)
                select :tenant, :message, c.id, c.last_seq, 0, 'user', :text, :operation, :clientMessageId, :by from c
                on conflict (tenant_id, conversation_id, client_message_id) where client_message_id is not null
                    do nothing
                returning id, created_at
            ), o as (
                insert into operation (tenant_id, id, conversation_id, message_id, channel, agent, user_id, state,
                                       due_at, created_by)
                select :tenant, :operation, c.id, m.id, :channel, :agent, :user, 'RUNNING',
                       now() + make_interval(secs => :abandoned), :by
                  from c, m
            )
            select c.id, c.last_seq, m.created_at from c left join m on true
            """;

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

    Admitted admit(Handle handle, TenantId tenant, NewMessage message, int history, double abandonedSeconds) {
        List<Admitted> found = new ArrayList<>(1);
        handle.createQuery(ADMIT)
                .bind("tenant", tenant.value())
                .bind("conversation", message.conversationId())
                .bind("message", message.id())
                .bind("text", message.text())
                .bind(
                        "attachments",
                        message.attachments() == null
                                ? null
                                : message.attachments().toString())
                .bind("operation", message.operationId())
                .bind("clientMessageId", message.clientMessageId())
                .bind("user", message.userId())
                .bind("by", message.createdBy())
                .bind("abandoned", abandonedSeconds)
                .bind("history", history)
                .map((rs, context) -> {
                    if (found.isEmpty()) {
                        found.add(new Admitted(
                                rs.getString("agent"),
                                rs.getString("channel"),
                                rs.getLong("last_seq"),
                                instant(rs, "created_at"),
                                new ArrayList<>()));
                    }
                    return rs.getString("role") == null ? null : line(rs);
                })
                .forEach(line -> {
                    if (line != null) {
                        found.getFirst().history().add(line);
                    }
                });
        return found.isEmpty() ? null : found.getFirst();
    }

    AdmittedOutside admitOutside(
            Handle handle, TenantId tenant, NewMessage message, OutsideThread thread, double abandonedSeconds) {
        return handle.createQuery(ADMIT_OUTSIDE)
                .bind("tenant", tenant.value())
                .bind("conversation", message.conversationId())
                .bind("agent", thread.agent())
                .bind("channel", thread.channel())
                .bind("thread", thread.key())
                .bind("message", message.id())
                .bind("text", message.text())
                .bind("operation", message.operationId())
                .bind("clientMessageId", message.clientMessageId())
                .bind("user", message.userId())
                .bind("by", message.createdBy())
                .bind("abandoned", abandonedSeconds)
                .map((rs, context) -> new AdmittedOutside(
                        rs.getObject("id", UUID.class), rs.getLong("last_seq"), instant(rs, "created_at")))
                .one();
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

    /** The oldest message of a messenger's conversation that waits for its answer, by the messenger's own order. */
    Optional<Stored> nextOpen(Handle handle, TenantId tenant, UUID conversation) {
        return handle.createQuery(STORED + """
                        where m.tenant_id = :tenant and m.conversation_id = :conversation and m.part = 0
                          and o.state in ('QUEUED', 'RUNNING')
                        order by m.provider_at, m.provider_order, m.seq limit 1
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .map((rs, context) -> stored(rs))
                .findOne();
    }

    List<History.Line> historyBefore(Handle handle, TenantId tenant, UUID conversation, long seq, int limit) {
        return handle.createQuery("""
                        select seq, part, role, text from message
                         where tenant_id = :tenant and conversation_id = :conversation and seq <> :seq
                         order by seq desc, part desc limit :limit
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bind("seq", seq)
                .bind("limit", limit)
                .map((rs, context) -> line(rs))
                .list();
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
                        select m.id, m.conversation_id, m.seq, m.part, m.role, m.text, m.attachments, m.operation_id,
                               m.client_message_id, m.prompt_version, m.finish_reason, m.created_at,
                               case when m.part = 0 then lower(o.state) else lower(s.state) end as status
                          from message m
                          left join operation o on o.tenant_id = m.tenant_id and o.id = m.operation_id and m.part = 0
                          left join lateral (
                              select case when bool_or(state = 'FAILED') then 'FAILED'
                                          when bool_or(state = 'AMBIGUOUS') then 'AMBIGUOUS'
                                          when bool_or(state = 'SENDING') then 'SENDING'
                                          when bool_or(state = 'PENDING') then 'PENDING'
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

    private static History.Line line(ResultSet rs) throws SQLException {
        return new History.Line(rs.getLong("seq"), rs.getInt("part"), rs.getString("role"), rs.getString("text"));
    }

    static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
        OffsetDateTime at = rs.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    /** A message to be stored. */
    record NewMessage(
            UUID id,
            UUID conversationId,
            UUID operationId,
            String text,
            @Nullable ArrayNode attachments,
            @Nullable String clientMessageId,
            @Nullable String userId,
            String createdBy) {}

    /** The thread of a caller that brings its own context. */
    record OutsideThread(
            String agent, String channel, @Nullable String key) {}

    /** An admission; without a time the message was known before. */
    record Admitted(
            String agent,
            String channel,
            long seq,
            @Nullable Instant createdAt,
            List<History.Line> history) {}

    /** As {@link Admitted}. */
    record AdmittedOutside(
            UUID conversationId, long seq, @Nullable Instant createdAt) {}

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
