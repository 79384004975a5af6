package dev.parley.channel.reception;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.parley.channel.account.AccountRoute;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.InboundMessage;
import dev.parley.platform.data.Columns;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Stores what end customers write, with all that it brings, in one statement: webhooks have no time for more. */
@ApplicationScoped
class ReceptionRepository {
    /**
     * The identity's row is written each time, so that a merge of contacts and a message wait for each other. A new
     * identity is the person whose number it shows, or a new one; its row says which of two first messages won. A
     * conversation is its person's; a group's is nobody's. What several messages lock, they lock in their order.
     */
    private static final String RECEIVE = """
            with r as materialized (
                select *
                  from json_to_recordset(cast(:rows as json))
                       as r (n integer, account uuid, event text, kind text, contact uuid, channel text, sender text,
                             name text, username text, language text, phone text, phone_raw text, conversation uuid,
                             agent text, alone boolean, thread text, recipient text, message uuid, text text,
                             operation uuid, provider_at timestamptz, provider_order bigint, writer text)
            ), e as (
                insert into inbound_event (tenant_id, channel_account_id, event_id, kind)
                select :tenant, account, event, kind from r order by n
                on conflict do nothing
                returning channel_account_id, event_id
            ), f as materialized (
                select r.*,
                       exists (select from contact_identity x
                                where x.tenant_id = :tenant and x.channel_account_id = r.account
                                  and x.external_id = r.sender) as known
                  from r join e on e.channel_account_id = r.account and e.event_id = r.event
            ), p as (
                insert into contact (tenant_id, id, display_name, language, phone, phone_raw)
                select :tenant, contact, name, language, phone, phone_raw from f
                 where phone is not null and not known order by n
                on conflict (tenant_id, phone) where phone is not null do update set updated_at = now()
                returning id, phone
            ), i as (
                insert into contact_identity (tenant_id, channel_account_id, external_id, channel, contact_id,
                                              display_name, username, language)
                select :tenant, f.account, f.sender, f.channel, coalesce(p.id, f.contact), f.name, f.username, f.language
                  from f left join p on p.phone = f.phone order by f.n
                on conflict (tenant_id, channel_account_id, external_id) do update
                    set display_name = excluded.display_name, username = excluded.username,
                        language = excluded.language, updated_at = now()
                returning channel_account_id, external_id, contact_id
            ), g as (
                select f.*, i.contact_id
                  from f join i on i.channel_account_id = f.account and i.external_id = f.sender
            ), n as (
                insert into contact (tenant_id, id, display_name, language, phone_raw)
                select :tenant, contact, name, language, phone_raw from g
                 where contact_id = contact and not exists (select from p where p.id = g.contact)
            ), c as (
                insert into conversation (tenant_id, id, agent, channel, thread_key, channel_account_id, contact_id,
                                          recipient, last_seq, last_inbound_at, created_by)
                select :tenant, conversation, agent, channel, thread, account, case when alone then contact_id end,
                       recipient, 1, provider_at, writer
                  from g order by n
                on conflict (tenant_id, thread_key) do update
                    set last_seq = conversation.last_seq + 1, agent = excluded.agent,
                        contact_id = excluded.contact_id, recipient = excluded.recipient,
                        last_inbound_at = greatest(conversation.last_inbound_at, excluded.last_inbound_at),
                        updated_at = now()
                returning id, thread_key, last_seq, owner = 'waiting' as waiting,
                          owner = 'waiting' or owner = 'staff' and owner_until > now() as staffed
            ), h as (
                select g.*, c.id as conversation_id, c.last_seq, c.waiting, c.staffed
                  from g join c on c.thread_key = g.thread
            ), m as (
                insert into message (tenant_id, id, conversation_id, seq, part, role, text, operation_id, event_id,
                                     provider_at, provider_order, created_by)
                select :tenant, message, conversation_id, last_seq, 0, 'user', text, operation, event, provider_at,
                       provider_order, writer
                  from h order by n
            ), o as (
                insert into operation (tenant_id, id, conversation_id, message_id, channel, agent, state, due_at,
                                       finished_at, created_by)
                select :tenant, operation, conversation_id, message, channel, agent,
                       case when staffed then 'HELD_BY_STAFF' else 'QUEUED' end,
                       now() + make_interval(secs => :patience), case when staffed then now() end, writer
                  from h order by n
            )
            select h.n, h.conversation_id, h.last_seq, h.contact_id, k.opted_out_at is not null as opted_out, h.waiting,
                   coalesce(k.language, h.language) as language, now() as at
              from h left join contact k on k.tenant_id = :tenant and k.id = h.contact_id
            """;

    private final ObjectMapper json;

    ReceptionRepository(ObjectMapper json) {
        this.json = json;
    }

    /**
     * Stores messages, of which no two share a sender, a thread or a number; for each what it became, in their order, and
     * empty when its event was stored before.
     *
     * @param patienceSeconds how long the ordered path has before the sweeper helps
     */
    List<Optional<Received>> receive(Handle handle, TenantId tenant, List<Row> rows, double patienceSeconds) {
        List<Optional<Received>> received = new ArrayList<>(Collections.nCopies(rows.size(), Optional.empty()));
        handle.createQuery(RECEIVE)
                .bind("tenant", tenant.value())
                .bind("rows", numbered(rows))
                .bind("patience", patienceSeconds)
                .map((rs, context) -> received.set(
                        rs.getInt("n"),
                        Optional.of(new Received(
                                rs.getObject("conversation_id", UUID.class),
                                rs.getLong("last_seq"),
                                rs.getObject("contact_id", UUID.class),
                                rs.getBoolean("opted_out"),
                                rs.getBoolean("waiting"),
                                rs.getString("language"),
                                Columns.instant(rs, "at")))))
                .forEach(stored -> {});
        return received;
    }

    private String numbered(List<Row> rows) {
        ArrayNode numbered = json.createArrayNode();
        for (Row row : rows) {
            AccountRoute route = row.route();
            InboundMessage message = row.event().message();
            numbered.addObject()
                    .put("n", numbered.size() - 1)
                    .put("account", route.accountId().toString())
                    .put("event", row.event().id())
                    .put("kind", row.event().kind())
                    .put("contact", Ids.next().toString())
                    .put("channel", route.channel())
                    .put("sender", message.sender().id())
                    .put("name", message.sender().displayName())
                    .put("username", message.sender().username())
                    .put("language", message.sender().language())
                    .put("phone", row.phone())
                    .put("phone_raw", message.sender().phone())
                    .put("conversation", Ids.next().toString())
                    .put("agent", route.agent())
                    .put("alone", message.alone())
                    .put("thread", row.thread())
                    .put("recipient", message.recipient())
                    .put("message", row.message().toString())
                    .put("text", row.text())
                    .put("operation", row.operation().toString())
                    .put("provider_at", message.sentAt().toString())
                    .put("provider_order", message.order())
                    .put("writer", writer(route, message));
        }
        return numbered.toString();
    }

    /** Counts an event that came once more. */
    void countDuplicate(Handle handle, AccountRoute route, InboundEvent.Message event) {
        handle.createUpdate("""
                        update inbound_event set duplicates = duplicates + 1, updated_at = now()
                         where tenant_id = :tenant and channel_account_id = :account and event_id = :event
                        """)
                .bind("tenant", route.tenant().value())
                .bind("account", route.accountId())
                .bind("event", event.id())
                .execute();
    }

    /** Ends one operation without an answer. */
    void refuse(Handle handle, TenantId tenant, UUID operation, String code) {
        end(handle, tenant, operation, "REFUSED", code);
    }

    /** Ends whatever waits for an answer to that person: in its own conversations, and what it wrote in this one. */
    void refuseOpen(Handle handle, TenantId tenant, UUID contact, UUID conversation, String writer, String code) {
        handle.createUpdate("""
                        update operation
                           set state = 'REFUSED', problem_code = :code, finished_at = clock_timestamp(),
                               updated_at = now()
                         where tenant_id = :tenant and state in ('QUEUED', 'RUNNING')
                           and (conversation_id in (select id from conversation
                                                     where tenant_id = :tenant and contact_id = :contact)
                                or conversation_id = :conversation and created_by = :writer)
                        """)
                .bind("tenant", tenant.value())
                .bind("contact", contact)
                .bind("conversation", conversation)
                .bind("writer", writer)
                .bind("code", code)
                .execute();
    }

    /** Ends an operation to which Parley itself has the answer. */
    void handled(Handle handle, TenantId tenant, UUID operation, String code) {
        end(handle, tenant, operation, "HANDLED", code);
    }

    private static void end(Handle handle, TenantId tenant, UUID operation, String state, String code) {
        handle.createUpdate("""
                        update operation
                           set state = :state, problem_code = :code, finished_at = clock_timestamp(),
                               updated_at = now()
                         where tenant_id = :tenant and id = :operation
                        """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .bind("state", state)
                .bind("code", code)
                .execute();
    }

    /** A turn of its own for what is said beside a message that is answered later, by a person or the bot. */
    long nextTurn(Handle handle, TenantId tenant, UUID conversation) {
        return handle.createQuery("""
                        update conversation set last_seq = last_seq + 1
                         where tenant_id = :tenant and id = :conversation returning last_seq
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .mapTo(Long.class)
                .one();
    }

    /** Stores what Parley itself says, in that turn. */
    void notice(Handle handle, TenantId tenant, UUID conversation, long seq, UUID operation, UUID id, String text) {
        handle.createUpdate("""
                        insert into message (tenant_id, id, conversation_id, seq, part, role, text, operation_id,
                                             created_by)
                        values (:tenant, :id, :conversation, :seq, 1, 'notice', :text, :operation, 'parley')
                        """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("conversation", conversation)
                .bind("seq", seq)
                .bind("text", text)
                .bind("operation", operation)
                .execute();
    }

    /** Who wrote, as rows call that person. */
    static String writer(AccountRoute route, InboundMessage message) {
        return route.channel() + ":" + message.sender().id();
    }

    /**
     * A message to be stored.
     *
     * @param thread the key of its conversation
     * @param phone the sender's number in E.164; null when the vendor shows none
     */
    record Row(
            AccountRoute route,
            InboundEvent.Message event,
            UUID operation,
            UUID message,
            String thread,
            String text,
            @Nullable String phone) {}

    /**
     * A stored message.
     *
     * @param optedOut whether its contact had opted out before it came
     * @param waiting whether its conversation waits for a person
     */
    record Received(
            UUID conversationId,
            long seq,
            UUID contact,
            boolean optedOut,
            boolean waiting,
            @Nullable String language,
            Instant at) {}
}
