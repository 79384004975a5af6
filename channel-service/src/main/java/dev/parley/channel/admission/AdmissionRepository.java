package dev.parley.channel.admission;

import dev.parley.channel.turn.History;
import dev.parley.channel.turn.NewMessage;
import dev.parley.platform.data.Columns;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Stores messages that come in, each with the operation that is to answer it. */
@ApplicationScoped
class AdmissionRepository {
    /**
     * One statement, which is the whole transaction: takes the conversation's turn, if the bot has the conversation and the
     * turn is free, numbers it, stores message and operation, and reads what the agent has to know.
     *
     * <p>That the turn is free is read of the operation that had it: it has ended. Of two statements at once the second
     * finds, when it has waited for the conversation's row, the operation of the first, which it cannot see, and so not
     * that it has ended.
     */
    private static final String ADMIT = """
            with c as (
                update conversation
                   set last_seq = last_seq + 1, updated_at = now(), turn_operation = ?,
                       turn_until = now() + make_interval(secs => ?)
                 where tenant_id = ? and id = ? and channel_account_id is null and owner = 'bot'
                   and (turn_operation is null or turn_until <= now()
                        or (select o.state not in ('QUEUED', 'RUNNING') from operation o
                             where o.tenant_id = conversation.tenant_id and o.id = conversation.turn_operation))
                   and not exists (select from message k
                                    where k.tenant_id = conversation.tenant_id and k.conversation_id = conversation.id
                                      and k.client_message_id = ?)
                returning id, agent, channel, last_seq, epoch
            ), m as (
                insert into message (tenant_id, id, conversation_id, seq, part, role, text, attachments, operation_id,
                                     client_message_id, created_by)
                select ?, ?, c.id, c.last_seq, 0, 'user', ?, cast(? as jsonb), ?, ?, ?
                  from c
                on conflict (tenant_id, conversation_id, client_message_id) where client_message_id is not null
                    do nothing
                returning id, created_at
            ), o as (
                insert into operation (tenant_id, id, conversation_id, message_id, channel, agent, user_id, state,
                                       epoch, due_at, created_by)
                select ?, ?, c.id, m.id, c.channel, c.agent, ?, 'RUNNING', c.epoch,
                       now() + make_interval(secs => ?), ?
                  from c, m
            )
            select c.agent, c.channel, c.last_seq, c.epoch, m.created_at, h.seq, h.part, h.role, h.text,
                   case when c.epoch > 0 and h.part = 0
                        then (select o.state in ('HELD_BY_STAFF', 'MERGED', 'WITHHELD', 'QUEUED', 'RUNNING')
                                from operation o
                               where o.tenant_id = ? and o.id = h.operation_id) end as told
              from c
              left join m on true
              left join lateral (
                  select seq, part, role, text, operation_id from message
                   where tenant_id = ? and conversation_id = ?
                   order by seq desc, part desc limit ?) h on true
            """;

    /** Stores a message that a person is to answer; its conversation is locked. */
    private static final String HOLD = """
            with c as (
                update conversation set last_seq = last_seq + 1, updated_at = now()
                 where tenant_id = :tenant and id = :conversation
                returning id, agent, channel, last_seq, epoch
            ), m as (
                insert into message (tenant_id, id, conversation_id, seq, part, role, text, attachments, operation_id,
                                     client_message_id, created_by)
                select :tenant, :message, c.id, c.last_seq, 0, 'user', :text, cast(:attachments as jsonb), :operation,
                       :clientMessageId, :by
                  from c
                returning id, created_at
            ), o as (
                insert into operation (tenant_id, id, conversation_id, message_id, channel, agent, user_id, state,
                                       epoch, finished_at, created_by)
                select :tenant, :operation, c.id, m.id, c.channel, c.agent, :user, 'HELD_BY_STAFF', c.epoch, now(), :by
                  from c, m
            )
            select c.agent, c.channel, m.created_at from c, m
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

    /**
     * A transaction of its own; empty when there is no such conversation, it is on a messenger, a person has it, another
     * message is being answered there, or the client's id is known there.
     */
    Optional<Admitted> admit(
            Database database, TenantId tenant, NewMessage message, int history, double abandonedSeconds) {
        List<Row> rows = database.statement(tenant, ADMIT)
                .bind(message.operationId())
                .bind(abandonedSeconds)
                .bind(tenant)
                .bind(message.conversationId())
                .bindText(message.clientMessageId())
                .bind(tenant)
                .bind(message.id())
                .bindText(message.text())
                .bindText(message.storedAttachments())
                .bind(message.operationId())
                .bindText(message.clientMessageId())
                .bindText(message.createdBy())
                .bind(tenant)
                .bind(message.operationId())
                .bindText(message.userId())
                .bind(abandonedSeconds)
                .bindText(message.createdBy())
                .bind(tenant)
                .bind(tenant)
                .bind(message.conversationId())
                .bind(history)
                .list(AdmissionRepository::row);
        return rows.stream().findFirst().map(first -> first.admitted(rows));
    }

    private static Row row(ResultSet rs) throws SQLException {
        return new Row(
                rs.getString("agent"),
                rs.getString("channel"),
                rs.getLong("last_seq"),
                rs.getLong("epoch"),
                Columns.instant(rs, "created_at"),
                rs.getString("role") == null ? null : line(rs));
    }

    /** Stores a message that a person is to answer, in a conversation that is locked. */
    HeldBack hold(Handle handle, TenantId tenant, NewMessage message) {
        return handle.createQuery(HOLD)
                .bind("tenant", tenant.value())
                .bind("conversation", message.conversationId())
                .bind("message", message.id())
                .bind("text", message.text())
                .bind("attachments", message.storedAttachments())
                .bind("operation", message.operationId())
                .bind("clientMessageId", message.clientMessageId())
                .bind("user", message.userId())
                .bind("by", message.createdBy())
                .map((rs, context) ->
                        new HeldBack(rs.getString("agent"), rs.getString("channel"), Columns.instant(rs, "created_at")))
                .one();
    }

    /** The conversation and the turn, with one of the messages before it. */
    private record Row(
            String agent,
            String channel,
            long seq,
            long epoch,
            @Nullable Instant createdAt,
            History.@Nullable Line before) {
        Admitted admitted(List<Row> all) {
            return new Admitted(
                    agent,
                    channel,
                    seq,
                    epoch,
                    createdAt,
                    all.stream().map(Row::before).filter(Objects::nonNull).toList());
        }
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
                        rs.getObject("id", UUID.class), rs.getLong("last_seq"), Columns.instant(rs, "created_at")))
                .one();
    }

    private static History.Line line(ResultSet rs) throws SQLException {
        return new History.Line(
                rs.getLong("seq"),
                rs.getInt("part"),
                rs.getString("role"),
                rs.getString("text"),
                rs.getBoolean("told"));
    }

    /** The thread of a caller that brings its own context. */
    record OutsideThread(
            String agent, String channel, @Nullable String key) {}

    /** An admission; without a time another one with the client's id came at the same moment, and the turn is taken in vain. */
    record Admitted(
            String agent,
            String channel,
            long seq,
            long epoch,
            @Nullable Instant createdAt,
            List<History.Line> history) {}

    /** A message that was left to a person. */
    record HeldBack(String agent, String channel, Instant createdAt) {}

    /** As {@link Admitted}. */
    record AdmittedOutside(
            UUID conversationId, long seq, @Nullable Instant createdAt) {}
}
