package dev.parley.channel.device;

import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of devices. */
@ApplicationScoped
class DeviceRepository {
    private static final String COLUMNS =
            " id, conversation_id, channel_account_id, contact_id, platform, language, last_seen_at, created_at";

    /** A token as it is stored: its hash, and itself encrypted. */
    record Token(byte[] hash, byte[] sealed) {}

    /** Of a conversation: who answers, and whose it is. */
    record Place(String agent, @Nullable UUID contact) {}

    /** A channel that notifies devices. */
    record Channel(UUID id, String agent) {}

    /** A registration with all that it names looked up. */
    record Registration(
            UUID conversation,
            byte[] hash,
            UUID channel,
            @Nullable UUID contact,
            RegisterDeviceRequest request) {}

    /** Has new tokens of a conversation or a contact wait for each other: none passes the limit beside another. */
    void queue(Handle handle, TenantId tenant, UUID conversationOrContact) {
        handle.createQuery("select pg_advisory_xact_lock(hashtextextended('push_device' || :tenant || :id, 0))::text")
                .bind("tenant", tenant.value().toString())
                .bind("id", conversationOrContact.toString())
                .mapTo(String.class)
                .one();
    }

    Optional<Place> place(Handle handle, TenantId tenant, UUID conversation) {
        return handle.createQuery("select agent, contact_id from conversation where tenant_id = :tenant and id = :id")
                .bind("tenant", tenant.value())
                .bind("id", conversation)
                .map((row, context) -> new Place(row.getString("agent"), row.getObject("contact_id", UUID.class)))
                .findOne();
    }

    List<Channel> channels(Handle handle, TenantId tenant, Set<String> types) {
        return handle.createQuery("""
                        select id, agent from channel_account
                         where tenant_id = :tenant and type = any(:types) and deleted_at is null and status = 'active'
                        """)
                .bind("tenant", tenant.value())
                .bindArray("types", String.class, types.toArray())
                .map((row, context) -> new Channel(row.getObject("id", UUID.class), row.getString("agent")))
                .list();
    }

    /** The contact, or the one that it was merged into; kept from being merged until the transaction ends. */
    Optional<UUID> contact(Handle handle, TenantId tenant, UUID contact) {
        // A merge of either changes the named one too: with that one kept first, the other stays who it is.
        return shared(handle, tenant, contact)
                .flatMap(person -> person.equals(contact) ? Optional.of(person) : shared(handle, tenant, person));
    }

    private static Optional<UUID> shared(Handle handle, TenantId tenant, UUID contact) {
        return handle.createQuery("""
                        select coalesce(merged_into, id) from contact
                         where tenant_id = :tenant and id = :contact for share
                        """)
                .bind("tenant", tenant.value())
                .bind("contact", contact)
                .mapTo(UUID.class)
                .findOne();
    }

    /** Renews the device of a token that is known in the conversation, unless it would be another contact's then. */
    Optional<DeviceResponse> renew(
            Handle handle, TenantId tenant, Registration registration, @Nullable UUID contactOfConversation) {
        return renew(handle, tenant, registration, contactOfConversation, false);
    }

    /** Renews the device of a token that is known in the conversation, whosever it was. */
    Optional<DeviceResponse> take(Handle handle, TenantId tenant, Registration registration) {
        return renew(handle, tenant, registration, null, true);
    }

    private static Optional<DeviceResponse> renew(
            Handle handle,
            TenantId tenant,
            Registration registration,
            @Nullable UUID contactOfConversation,
            boolean whosever) {
        return handle.createQuery("""
                        update push_device
                           set channel_account_id = :channel, contact_id = coalesce(cast(:contact as uuid), contact_id),
                               platform = :platform, language = coalesce(cast(:language as text), language),
                               last_seen_at = now(), updated_at = now()
                         where tenant_id = :tenant and conversation_id = :conversation and token_hash = :hash
                           and (:whosever or cast(:contact as uuid) is null
                                or cast(:contact as uuid) = coalesce(contact_id, cast(:other as uuid)))
                        returning
                        """ + COLUMNS)
                .bind("tenant", tenant.value())
                .bind("conversation", registration.conversation())
                .bind("hash", registration.hash())
                .bind("channel", registration.channel())
                .bind("contact", registration.contact())
                .bind("other", contactOfConversation)
                .bind("whosever", whosever)
                .bind("platform", registration.request().platform())
                .bind("language", registration.request().language())
                .map((row, context) -> device(row))
                .findOne();
    }

    int ofConversation(Handle handle, TenantId tenant, UUID conversation) {
        return handle.createQuery("""
                        select count(*) from push_device where tenant_id = :tenant and conversation_id = :conversation
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .mapTo(Integer.class)
                .one();
    }

    /** How many devices but that one a contact has, over all conversations. */
    int ofContact(Handle handle, TenantId tenant, UUID contact, byte[] hash) {
        return handle.createQuery("""
                        select count(distinct token_hash)
                          from (select token_hash from push_device
                                 where tenant_id = :tenant and contact_id = :contact
                                union all
                                select d.token_hash from conversation c
                                  join push_device d on d.tenant_id = c.tenant_id and d.conversation_id = c.id
                                 where c.tenant_id = :tenant and c.contact_id = :contact and d.contact_id is null) own
                         where token_hash <> :hash
                        """)
                .bind("tenant", tenant.value())
                .bind("contact", contact)
                .bind("hash", hash)
                .mapTo(Integer.class)
                .one();
    }

    DeviceResponse insert(
            Handle handle, TenantId tenant, UUID id, Registration registration, byte[] sealed, String by) {
        return handle.createQuery("""
                        insert into push_device (tenant_id, id, channel_account_id, conversation_id, contact_id, token_hash,
                                                 token, platform, language, created_by)
                        values (:tenant, :id, :channel, :conversation, cast(:contact as uuid), :hash, :token, :platform,
                                :language, :by)
                        returning
                        """ + COLUMNS)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("channel", registration.channel())
                .bind("conversation", registration.conversation())
                .bind("contact", registration.contact())
                .bind("hash", registration.hash())
                .bind("token", sealed)
                .bind("platform", registration.request().platform())
                .bind("language", registration.request().language())
                .bind("by", by)
                .map((row, context) -> device(row))
                .one();
    }

    List<DeviceResponse> list(Handle handle, TenantId tenant, UUID conversation) {
        return handle.createQuery("select" + COLUMNS + """
                         from push_device
                         where tenant_id = :tenant and conversation_id = :conversation order by id desc
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .map((row, context) -> device(row))
                .list();
    }

    void deleteTwin(Handle handle, TenantId tenant, UUID conversation, UUID device, byte[] hash) {
        handle.createUpdate("""
                        delete from push_device
                         where tenant_id = :tenant and conversation_id = :conversation and token_hash = :hash
                           and id <> :device
                           and exists (select from push_device o where o.tenant_id = :tenant and o.id = :device
                                          and o.conversation_id = :conversation)
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bind("hash", hash)
                .bind("device", device)
                .execute();
    }

    Optional<DeviceResponse> change(
            Handle handle,
            TenantId tenant,
            UUID conversation,
            UUID device,
            @Nullable Token token,
            @Nullable String language) {
        return handle.createQuery("""
                        update push_device
                           set token_hash = coalesce(cast(:hash as bytea), token_hash),
                               token = coalesce(cast(:token as bytea), token),
                               language = coalesce(cast(:language as text), language),
                               last_seen_at = now(), updated_at = now()
                         where tenant_id = :tenant and conversation_id = :conversation and id = :device
                        returning
                        """ + COLUMNS)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bind("device", device)
                .bind("hash", token == null ? null : token.hash())
                .bind("token", token == null ? null : token.sealed())
                .bind("language", language)
                .map((row, context) -> device(row))
                .findOne();
    }

    boolean delete(Handle handle, TenantId tenant, UUID conversation, UUID device) {
        return handle.createUpdate("""
                        delete from push_device
                         where tenant_id = :tenant and conversation_id = :conversation and id = :device
                        """)
                        .bind("tenant", tenant.value())
                        .bind("conversation", conversation)
                        .bind("device", device)
                        .execute()
                == 1;
    }

    void deleteOf(Handle handle, TenantId tenant, String subject) {
        handle.createUpdate("delete from push_device where tenant_id = :tenant and created_by = :subject")
                .bind("tenant", tenant.value())
                .bind("subject", subject)
                .execute();
    }

    /** Deletes what has that token at that vendor's account, in all conversations. */
    void deleteEverywhere(Handle handle, TenantId tenant, UUID channel, byte[] hash) {
        handle.createUpdate("""
                        delete from push_device
                         where tenant_id = :tenant and token_hash = :hash and channel_account_id = :channel
                        """)
                .bind("tenant", tenant.value())
                .bind("hash", hash)
                .bind("channel", channel)
                .execute();
    }

    private static DeviceResponse device(ResultSet row) throws SQLException {
        return new DeviceResponse(
                row.getObject("id", UUID.class),
                row.getObject("conversation_id", UUID.class),
                row.getObject("channel_account_id", UUID.class),
                row.getObject("contact_id", UUID.class),
                row.getString("platform"),
                row.getString("language"),
                Columns.instant(row, "last_seen_at"),
                Columns.instant(row, "created_at"));
    }
}
