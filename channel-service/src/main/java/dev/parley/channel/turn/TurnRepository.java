package dev.parley.channel.turn;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of messages with the operations that are to answer them: what a turn is made of, and who works on it. */
@ApplicationScoped
class TurnRepository {
    private static final String STORED = """
        select m.id, m.conversation_id, m.seq, m.text, m.attachments, m.client_message_id, m.created_at,
               m.created_by, o.id as operation_id, o.agent, o.channel, o.user_id, o.state, o.epoch, o.problem_code,
               o.credits, o.input_tokens, o.output_tokens, o.created_at as started_at,
               r.id as reply_id, r.text as reply_text, r.prompt_version, r.prompt_version_id, r.finish_reason,
               r.created_at as replied_at
          from message m
          join operation o on o.tenant_id = m.tenant_id and o.id = m.operation_id
          left join message r on r.tenant_id = m.tenant_id and r.conversation_id = m.conversation_id
                             and r.seq = m.seq and r.part = 1
        """;

    private static final int FEW_ATTEMPTS = 3;

    private final ObjectMapper json;

    TurnRepository(ObjectMapper json) {
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

    /** Whether anybody's message has that id there: the customer's, or a person's of the tenant. */
    boolean isKnown(Handle handle, TenantId tenant, UUID conversation, String clientMessageId) {
        return handle.createQuery("""
            select exists (select from message where tenant_id = :tenant and conversation_id = :conversation
                              and client_message_id = :client)
            """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bind("client", clientMessageId)
                .mapTo(Boolean.class)
                .one();
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
     * message that was answered together with a later one, or by a person, or whose answer was withheld, is
     * marked as told, and so is one of a messenger for which no model came back or whose agent was closed: its writer does not write it again.
     */
    List<History.Line> historyBefore(
            Handle handle, TenantId tenant, UUID conversation, List<Long> without, boolean messenger, int limit) {
        return handle.createQuery("""
                        select m.seq, m.part, m.role, m.text,
                               coalesce(o.state in ('MERGED', 'HELD_BY_STAFF', 'WITHHELD')
                                        or :messenger and o.problem_code in ('PROVIDER_FAILED', 'PROVIDER_TIMEOUT',
                                                                          'AGENT_CLOSED'),
                                        false) as told
                          from message m
                          left join operation o on m.part = 0 and o.tenant_id = m.tenant_id and o.id = m.operation_id
                         where m.tenant_id = :tenant and m.conversation_id = :conversation
                           and m.seq <> all(:without) and m.role <> 'notice' and m.cancelled_at is null
                         order by m.seq desc, m.part desc limit :limit
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bindArray("without", Long.class, without.toArray())
                .bind("messenger", messenger)
                .bind("limit", limit)
                .map((rs, context) -> new History.Line(
                        rs.getLong("seq"),
                        rs.getInt("part"),
                        rs.getString("role"),
                        rs.getString("text"),
                        rs.getBoolean("told")))
                .list();
    }

    /**
     * Begins another attempt to answer a message, or leaves it to a person.
     *
     * @param held whether a person has the conversation
     */
    void startAttempt(
            Handle handle,
            TenantId tenant,
            Stored of,
            UUID operation,
            @Nullable String user,
            String by,
            boolean held,
            double abandoned) {
        handle.createUpdate("""
            with m as (
                update message set operation_id = :operation, updated_at = now()
                 where tenant_id = :tenant and id = :message returning conversation_id)
            insert into operation (tenant_id, id, conversation_id, message_id, channel, agent, user_id,
                                   state, epoch, due_at, finished_at, created_by)
            select :tenant, :operation, m.conversation_id, :message, :channel, :agent, :user,
                   case when :held then 'HELD_BY_STAFF' else 'RUNNING' end, c.epoch,
                   now() + make_interval(secs => :abandoned), case when :held then now() end, :by
              from m join conversation c on c.tenant_id = :tenant and c.id = m.conversation_id
            """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .bind("message", of.message().id())
                .bind("channel", of.channel())
                .bind("agent", of.agent())
                .bind("user", user)
                .bind("held", held)
                .bind("abandoned", abandoned)
                .bind("by", by)
                .execute();
    }

    /**
     * Gives the conversation's turn to an operation: it is free when the one that had it has ended, or its time has; false
     * when another one has it.
     */
    boolean takeTurn(Handle handle, TenantId tenant, UUID conversation, UUID operation, double abandoned) {
        return handle.createUpdate("""
                        update conversation
                           set turn_operation = :operation, turn_until = now() + make_interval(secs => :abandoned)
                         where tenant_id = :tenant and id = :conversation
                           and (turn_operation is null or turn_operation = :operation or turn_until <= now()
                                or (select o.state not in ('QUEUED', 'RUNNING') from operation o
                                     where o.tenant_id = :tenant and o.id = conversation.turn_operation))
                        """)
                        .bind("tenant", tenant.value())
                        .bind("conversation", conversation)
                        .bind("operation", operation)
                        .bind("abandoned", abandoned)
                        .execute()
                == 1;
    }

    /** Ends an operation's turn, though it has not ended itself. */
    void letGo(Handle handle, TenantId tenant, UUID conversation, UUID operation) {
        handle.createUpdate("""
                        update conversation set turn_until = now()
                         where tenant_id = :tenant and id = :conversation and turn_operation = :operation
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bind("operation", operation)
                .execute();
    }

    /** Has an abandoned operation looked at again after that time. */
    void putOff(Handle handle, TenantId tenant, UUID operation, Duration pause) {
        handle.createUpdate("""
                        update operation set due_at = now() + make_interval(secs => :pause), updated_at = now()
                         where tenant_id = :tenant and id = :operation and state in ('QUEUED', 'RUNNING')
                           and due_at < now()
                        """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .bind("pause", Columns.seconds(pause))
                .execute();
    }

    /** Whether an operation without an end should have ended by now. */
    boolean isDue(Handle handle, TenantId tenant, UUID operation) {
        return handle.createQuery("""
                        select exists (select from operation where tenant_id = :tenant and id = :operation
                                          and state in ('QUEUED', 'RUNNING') and due_at < now())
                        """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .mapTo(Boolean.class)
                .one();
    }

    /** Earlier attempts of the messages that an operation answers which a person ended after they had begun, unpriced. */
    List<UUID> unsettledBefore(Handle handle, TenantId tenant, UUID operation) {
        return handle.createQuery("""
                        select e.id from operation e
                         where e.tenant_id = :tenant and e.state = 'HELD_BY_STAFF' and e.settled_at is null
                           and e.finished_at > e.created_at
                           and e.message_id in (select o.message_id from operation o
                                                 where o.tenant_id = :tenant
                                                   and (o.id = :operation or o.merged_into = :operation))
                        """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .mapTo(UUID.class)
                .list();
    }

    /** Marks a queued operation as being worked on in that epoch. */
    void start(Handle handle, TenantId tenant, UUID operation, long epoch, double abandoned) {
        handle.createUpdate("""
            update operation set state = 'RUNNING', attempts = attempts + 1, epoch = :epoch, updated_at = now(),
                   due_at = now() + make_interval(secs => :abandoned)
             where tenant_id = :tenant and id = :operation and state in ('QUEUED', 'RUNNING')
            """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .bind("epoch", epoch)
                .bind("abandoned", abandoned)
                .execute();
    }

    /**
     * Leaves an operation to whoever looks for abandoned ones after that time, after each attempt for twice as long; false
     * when it is older than the window, unless it was hardly tried: it may have waited for us, not for the model.
     */
    boolean postpone(
            Handle handle, TenantId tenant, UUID operation, Duration pause, Duration longest, Duration window) {
        return handle.createUpdate("""
            update operation set state = 'QUEUED', updated_at = now(),
                   due_at = now() + make_interval(secs => least(:longest, :pause * power(2, least(attempts, 16) - 1)))
             where tenant_id = :tenant and id = :operation and state in ('QUEUED', 'RUNNING')
               and (attempts < :few or created_at > now() - make_interval(secs => :window))
            """)
                        .bind("tenant", tenant.value())
                        .bind("operation", operation)
                        .bind("pause", Columns.seconds(pause))
                        .bind("longest", Columns.seconds(longest))
                        .bind("few", FEW_ATTEMPTS)
                        .bind("window", Columns.seconds(window))
                        .execute()
                == 1;
    }

    /** Operations of all tenants that should have ended long ago; needs the relay role. */
    List<Abandoned> abandoned(Handle acrossTenants, int limit) {
        return acrossTenants
                .createQuery("""
                    select tenant_id, id, conversation_id, channel from operation
                     where state in ('QUEUED', 'RUNNING') and due_at < now() order by due_at limit :limit
                    """)
                .bind("limit", limit)
                .map((rs, context) -> new Abandoned(
                        new TenantId(rs.getObject("tenant_id", UUID.class)),
                        rs.getObject("id", UUID.class),
                        rs.getObject("conversation_id", UUID.class),
                        rs.getString("channel")))
                .list();
    }

    /**
     * Takes an abandoned operation for this replica alone; false when another was faster.
     *
     * @param counted whether this begins an attempt; a messenger's does when its burst is complete
     */
    boolean takeOver(Handle handle, TenantId tenant, UUID operation, boolean counted, double abandoned) {
        return handle.createUpdate("""
            update operation set due_at = now() + make_interval(secs => :abandoned), updated_at = now(),
                   attempts = attempts + case when :counted then 1 else 0 end
             where tenant_id = :tenant and id = :operation and state in ('QUEUED', 'RUNNING')
               and due_at < now()
            """)
                        .bind("tenant", tenant.value())
                        .bind("operation", operation)
                        .bind("counted", counted)
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
                Columns.instant(rs, "created_at"),
                state.toLowerCase(Locale.ROOT),
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
                                rs.getObject("prompt_version_id", UUID.class),
                                rs.getString("finish_reason"),
                                Columns.instant(rs, "replied_at")),
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
                rs.getLong("epoch"),
                Columns.instant(rs, "started_at"),
                answer);
    }

    private JsonNode json(@Nullable String text) {
        try {
            return text == null ? null : json.readTree(text);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("the database holds malformed JSON", impossible);
        }
    }

    /** An operation without an end. */
    record Abandoned(TenantId tenant, UUID operation, UUID conversation, String channel) {}
}
