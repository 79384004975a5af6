package dev.parley.channel.contact;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.contact.ContactResponse.Identity;
import dev.parley.platform.data.Columns;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/** Rows of contacts and of their identities. */
@ApplicationScoped
class ContactRepository {
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String SELECT = """
            select c.id, c.display_name, c.phone, c.phone_raw, c.email, c.fields, c.language, c.time_zone,
                   c.consented_at, c.consent_source, c.opted_out_at, c.opt_out_word, c.created_at, c.updated_at,
                   (select coalesce(jsonb_agg(jsonb_build_object(
                               'channel', i.channel, 'channel_account_id', i.channel_account_id,
                               'external_id', i.external_id, 'display_name', i.display_name,
                               'username', i.username, 'language', i.language) order by i.created_at), '[]')
                      from contact_identity i where i.tenant_id = c.tenant_id and i.contact_id = c.id) as identities
              from contact c
            """;

    private final ObjectMapper json;

    ContactRepository(ObjectMapper json) {
        this.json = json;
    }

    List<ContactResponse> list(
            Handle handle, TenantId tenant, @Nullable String phone, @Nullable UUID after, int limit) {
        return handle.createQuery(SELECT + """
                         where c.tenant_id = :tenant and c.merged_into is null
                           and (cast(:after as uuid) is null or c.id < cast(:after as uuid))
                           and (cast(:phone as text) is null or c.phone = cast(:phone as text))
                         order by c.id desc limit :limit
                        """)
                .bind("tenant", tenant.value())
                .bind("after", after)
                .bind("phone", phone)
                .bind("limit", limit)
                .map((rs, context) -> contact(rs))
                .list();
    }

    /** The contact, or the one that it was merged into. */
    Optional<ContactResponse> find(Handle handle, TenantId tenant, UUID id) {
        return handle.createQuery(SELECT + """
                         where c.tenant_id = :tenant
                           and c.id = (select coalesce(merged_into, id) from contact
                                        where tenant_id = :tenant and id = :id)
                        """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .map((rs, context) -> contact(rs))
                .findOne();
    }

    /** Keeps other changes of these contacts waiting, in an order that two merges agree on. */
    List<UUID> lock(Handle handle, TenantId tenant, UUID... ids) {
        return handle.createQuery("""
                        select id from contact where tenant_id = :tenant and id = any(:ids) and merged_into is null
                         order by id for no key update
                        """)
                .bind("tenant", tenant.value())
                .bindArray("ids", UUID.class, (Object[]) ids)
                .mapTo(UUID.class)
                .list();
    }

    /** Stores a contact as a whole, new or changed; raises CONTACT_PHONE_TAKEN when another got the number meanwhile. */
    void save(Handle handle, TenantId tenant, ContactResponse contact, String by) {
        try {
            upsert(handle, tenant, contact, by);
        } catch (UnableToExecuteStatementException failure) {
            if (failure.getCause() instanceof SQLException sql && UNIQUE_VIOLATION.equals(sql.getSQLState())) {
                throw new Problem(ContactProblem.CONTACT_PHONE_TAKEN, failure);
            }
            throw failure;
        }
    }

    private static void upsert(Handle handle, TenantId tenant, ContactResponse contact, String by) {
        handle.createUpdate("""
                        insert into contact (tenant_id, id, display_name, phone, phone_raw, email, fields, language,
                                             time_zone, consented_at, consent_source, opted_out_at, opt_out_word,
                                             created_by)
                        values (:tenant, :id, :name, :phone, :raw, :email, cast(:fields as jsonb), :language, :zone,
                                :consentedAt, :consentSource, :optedOutAt, :word, :by)
                        on conflict (tenant_id, id) do update
                           set display_name = excluded.display_name, phone = excluded.phone,
                               phone_raw = excluded.phone_raw, email = excluded.email, fields = excluded.fields,
                               language = excluded.language, time_zone = excluded.time_zone,
                               consented_at = excluded.consented_at, consent_source = excluded.consent_source,
                               opted_out_at = excluded.opted_out_at, opt_out_word = excluded.opt_out_word,
                               updated_at = now()
                        """)
                .bind("tenant", tenant.value())
                .bind("id", contact.id())
                .bind("name", contact.displayName())
                .bind("phone", contact.phone())
                .bind("raw", contact.phoneRaw())
                .bind("email", contact.email())
                .bind("fields", contact.fields().toString())
                .bind("language", contact.language())
                .bind("zone", contact.timeZone())
                .bind("consentedAt", contact.consentedAt())
                .bind("consentSource", contact.consentSource())
                .bind("optedOutAt", contact.optedOutAt())
                .bind("word", contact.optOutWord())
                .bind("by", by)
                .execute();
    }

    Optional<UUID> withPhone(Handle handle, TenantId tenant, String phone) {
        return handle.createQuery("select id from contact where tenant_id = :tenant and phone = :phone")
                .bind("tenant", tenant.value())
                .bind("phone", phone)
                .mapTo(UUID.class)
                .findOne();
    }

    /** What the tenant's accounts are called, the latest first: of some it is their own number. */
    List<String> accountNames(Handle handle, TenantId tenant) {
        return handle.createQuery("""
                        select display_name from channel_account
                         where tenant_id = :tenant and deleted_at is null order by id desc limit 20
                        """)
                .bind("tenant", tenant.value())
                .mapTo(String.class)
                .list();
    }

    /** Leaves of a contact the signpost to another, and gives its phone number free. */
    void signpost(Handle handle, TenantId tenant, UUID from, UUID into) {
        handle.createUpdate("""
                        update contact set merged_into = :into, phone = null, phone_raw = null, email = null,
                               display_name = null, fields = '{}', updated_at = now()
                         where tenant_id = :tenant and (id = :from or merged_into = :from)
                        """)
                .bind("tenant", tenant.value())
                .bind("from", from)
                .bind("into", into)
                .execute();
    }

    /** Moves identities; a message that comes in at this moment waits for its identity, and follows it. */
    int moveIdentities(Handle handle, TenantId tenant, UUID from, UUID into) {
        return handle.createUpdate("""
                        update contact_identity set contact_id = :into, updated_at = now()
                         where tenant_id = :tenant and contact_id = :from
                        """)
                .bind("tenant", tenant.value())
                .bind("from", from)
                .bind("into", into)
                .execute();
    }

    void moveDevices(Handle handle, TenantId tenant, UUID from, UUID into) {
        handle.createUpdate("""
                        update push_device set contact_id = :into, updated_at = now()
                         where tenant_id = :tenant and contact_id = :from
                        """)
                .bind("tenant", tenant.value())
                .bind("from", from)
                .bind("into", into)
                .execute();
    }

    int moveConversations(Handle handle, TenantId tenant, UUID from, UUID into) {
        return handle.createUpdate("""
                        update conversation set contact_id = :into, updated_at = now()
                         where tenant_id = :tenant and contact_id = :from
                        """)
                .bind("tenant", tenant.value())
                .bind("from", from)
                .bind("into", into)
                .execute();
    }

    Optional<UUID> contactOf(Handle handle, TenantId tenant, UUID conversation) {
        return handle.createQuery("""
                        select contact_id from conversation
                         where tenant_id = :tenant and id = :conversation and contact_id is not null
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .mapTo(UUID.class)
                .findOne();
    }

    /** Notes an opt-out, and ends what the bot has planned to say to that person; false when it was noted before. */
    boolean optOut(Handle handle, TenantId tenant, UUID contact, UUID message, String word) {
        boolean first = handle.createUpdate("""
                        update contact set opted_out_at = now(), opt_out_message = :message, opt_out_word = :word,
                               consented_at = null, consent_source = null, updated_at = now()
                         where tenant_id = :tenant and id = :contact and opted_out_at is null
                        """)
                        .bind("tenant", tenant.value())
                        .bind("contact", contact)
                        .bind("message", message)
                        .bind("word", word)
                        .execute()
                == 1;
        endPlanned(handle, tenant, contact);
        return first;
    }

    /** Ends what the bot has planned to say to a person: it is never sent. */
    void endPlanned(Handle handle, TenantId tenant, UUID contact) {
        handle.createUpdate("""
                        update conversation set epoch = epoch + 1, updated_at = now()
                         where tenant_id = :tenant and contact_id = :contact
                        """)
                .bind("tenant", tenant.value())
                .bind("contact", contact)
                .execute();
    }

    /** Remembers the message by which one of two persons opted out, when the other is to stand for both. */
    void keepOptOut(Handle handle, TenantId tenant, UUID from, UUID into) {
        handle.createUpdate("""
                        update contact c set opt_out_message = f.opt_out_message, updated_at = now()
                          from contact f
                         where c.tenant_id = :tenant and c.id = :into and c.opt_out_message is null
                           and f.tenant_id = :tenant and f.id = :from
                        """)
                .bind("tenant", tenant.value())
                .bind("from", from)
                .bind("into", into)
                .execute();
    }

    void optIn(Handle handle, TenantId tenant, UUID contact, String source) {
        handle.createUpdate("""
                        update contact set opted_out_at = null, opt_out_message = null, opt_out_word = null,
                               consented_at = now(), consent_source = :source, updated_at = now()
                         where tenant_id = :tenant and id = :contact
                        """)
                .bind("tenant", tenant.value())
                .bind("contact", contact)
                .bind("source", source)
                .execute();
    }

    private ContactResponse contact(ResultSet rs) throws SQLException {
        Instant optedOutAt = Columns.instant(rs, "opted_out_at");
        try {
            return new ContactResponse(
                    rs.getObject("id", UUID.class),
                    rs.getString("display_name"),
                    rs.getString("phone"),
                    rs.getString("phone_raw"),
                    rs.getString("email"),
                    json.readTree(rs.getString("fields")),
                    rs.getString("language"),
                    rs.getString("time_zone"),
                    Columns.instant(rs, "consented_at"),
                    rs.getString("consent_source"),
                    optedOutAt != null,
                    optedOutAt,
                    rs.getString("opt_out_word"),
                    json.readValue(rs.getString("identities"), new TypeReference<List<Identity>>() {}),
                    Columns.instant(rs, "created_at"),
                    Columns.instant(rs, "updated_at"));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("the database holds malformed JSON", impossible);
        }
    }
}
