package dev.parley.channel.media;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.MediaReference;
import dev.parley.channel.media.Enclosures.Brought;
import dev.parley.channel.media.MediaFiles.Written;
import dev.parley.platform.data.Columns;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Rows of media. All times are the database's. */
@ApplicationScoped
class MediaRepository {
    private final ObjectMapper json;

    MediaRepository(ObjectMapper json) {
        this.json = json;
    }

    void insertStored(Handle handle, TenantId tenant, UUID id, MediaType type, Written file, String by) {
        handle.createUpdate("""
                        insert into media (tenant_id, id, state, media_type, bytes, file_key, created_by)
                        values (:tenant, :id, 'STORED', :type, :bytes, :key, :by)
                        on conflict do nothing
                        """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("type", type.written())
                .bind("bytes", file.bytes())
                .bind("key", file.key())
                .bind("by", by)
                .execute();
    }

    void insertAwaited(
            Handle handle,
            TenantId tenant,
            UUID account,
            UUID conversation,
            UUID message,
            List<MediaReference> references,
            String by) {
        PreparedBatch batch = handle.prepareBatch("""
                        insert into media (tenant_id, id, state, file_name, conversation_id, message_id,
                                           channel_account_id, reference, created_by)
                        values (:tenant, :id, 'AWAITED', :file, :conversation, :message, :account,
                                cast(:reference as jsonb), :by)
                        """);
        for (MediaReference reference : references) {
            batch.bind("tenant", tenant.value())
                    .bind("id", Ids.next())
                    .bind("file", reference.fileName())
                    .bind("conversation", conversation)
                    .bind("message", message)
                    .bind("account", account)
                    .bind("reference", written(reference))
                    .bind("by", by)
                    .add();
        }
        batch.execute();
    }

    void insertBrought(
            Handle handle, TenantId tenant, UUID conversation, UUID message, List<Brought> brought, String by) {
        PreparedBatch batch = handle.prepareBatch("""
                        insert into media (tenant_id, id, state, media_type, bytes, file_key, file_name, conversation_id,
                                           message_id, last_error, created_by)
                        values (:tenant, :id, case when cast(:error as text) is null then 'STORED' else 'FAILED' end,
                                :type, :bytes, :key, :file, :conversation, :message, :error, :by)
                        """);
        for (Brought file : brought) {
            batch.bind("tenant", tenant.value())
                    .bind("id", file.id())
                    .bind("type", file.mediaType())
                    .bind("bytes", file.bytes())
                    .bind("key", file.fileKey())
                    .bind("file", file.fileName())
                    .bind("conversation", conversation)
                    .bind("message", message)
                    .bind("error", file.error())
                    .bind("by", by)
                    .add();
        }
        batch.execute();
    }

    Optional<Kept> find(Handle handle, TenantId tenant, UUID id) {
        return handle.createQuery("""
                        select id, media_type, bytes, file_key, file_name from media
                         where tenant_id = :tenant and id = :id and state = 'STORED'
                        """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .map((rs, context) -> kept(rs))
                .findOne();
    }

    /** What is kept under these ids. */
    List<Kept> find(Handle handle, TenantId tenant, List<UUID> ids) {
        return handle.createQuery("""
                        select id, media_type, bytes, file_key, file_name from media
                         where tenant_id = :tenant and id = any(:ids) and state = 'STORED'
                        """)
                .bind("tenant", tenant.value())
                .bindArray("ids", UUID.class, ids.toArray())
                .map((rs, context) -> kept(rs))
                .list();
    }

    /** What of these types came with these turns of a conversation, in their order. */
    List<Kept> of(Handle handle, TenantId tenant, UUID conversation, List<Long> seqs, Collection<String> types) {
        return handle.createQuery("""
                        select d.id, d.media_type, d.bytes, d.file_key, d.file_name from message m
                          join media d on d.tenant_id = m.tenant_id and d.message_id = m.id
                         where m.tenant_id = :tenant and m.conversation_id = :conversation and m.part = 0
                           and m.seq = any(:seqs) and d.state = 'STORED' and d.media_type = any(:types)
                         order by m.seq, d.id
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bindArray("seqs", Long.class, seqs.toArray())
                .bindArray("types", String.class, types.toArray())
                .map((rs, context) -> kept(rs))
                .list();
    }

    /** All that came with these turns of a conversation, in its order. */
    List<Came> cameWith(Handle handle, TenantId tenant, UUID conversation, List<Long> seqs) {
        return handle.createQuery("""
                        select d.id, d.state, d.media_type, d.bytes, d.file_key, d.file_name,
                               coalesce(d.media_type, d.reference ->> 'kind', 'unknown') as kind
                          from message m
                          join media d on d.tenant_id = m.tenant_id and d.message_id = m.id
                         where m.tenant_id = :tenant and m.conversation_id = :conversation and m.part = 0
                           and m.seq = any(:seqs)
                         order by m.seq, d.id
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bindArray("seqs", Long.class, seqs.toArray())
                .map((rs, context) -> new Came(
                        rs.getString("state").equals("STORED") ? kept(rs) : null,
                        rs.getString("kind"),
                        rs.getString("file_name")))
                .list();
    }

    /** How much a tenant keeps. */
    long bytes(Handle handle, TenantId tenant) {
        return handle.createQuery(
                        "select coalesce(sum(bytes), 0) from media where tenant_id = :tenant and state = 'STORED'")
                .bind("tenant", tenant.value())
                .mapTo(Long.class)
                .one();
    }

    /** What is to be fetched of any tenant; needs the relay role. */
    List<Due> due(Handle acrossTenants, int limit) {
        return acrossTenants
                .createQuery("""
                        select tenant_id, id from media where state = 'AWAITED' and due_at <= now()
                         order by due_at limit :limit
                        """)
                .bind("limit", limit)
                .map((rs, context) ->
                        new Due(new TenantId(rs.getObject("tenant_id", UUID.class)), rs.getObject("id", UUID.class)))
                .list();
    }

    List<UUID> awaitedOf(Handle handle, TenantId tenant, UUID conversation) {
        return handle.createQuery("""
                        select id from media
                         where tenant_id = :tenant and state = 'AWAITED' and due_at <= now()
                           and message_id in (select message_id from operation
                                               where tenant_id = :tenant and conversation_id = :conversation
                                                 and state in ('QUEUED', 'RUNNING'))
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .mapTo(UUID.class)
                .list();
    }

    /** Takes one for this thread alone until the lease ends; empty when another was faster. */
    Optional<Claimed> claim(Handle handle, TenantId tenant, UUID id, Duration lease) {
        return handle.createQuery("""
                        with d as (
                            update media set attempts = attempts + 1, updated_at = now(),
                                   due_at = now() + make_interval(secs => :lease)
                             where tenant_id = :tenant and id = :id and state = 'AWAITED' and due_at <= now()
                            returning id, attempts, channel_account_id, reference)
                        select d.*, a.type from d
                          join channel_account a on a.tenant_id = :tenant and a.id = d.channel_account_id
                        """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("lease", Columns.seconds(lease))
                .map((rs, context) -> new Claimed(
                        rs.getObject("id", UUID.class),
                        rs.getInt("attempts"),
                        rs.getObject("channel_account_id", UUID.class),
                        rs.getString("type"),
                        read(rs.getString("reference"))))
                .findOne();
    }

    void stored(Handle handle, TenantId tenant, UUID id, MediaType type, Written file) {
        handle.createUpdate("""
                        update media set state = 'STORED', media_type = :type, bytes = :bytes, file_key = :key,
                               last_error = null, updated_at = now()
                         where tenant_id = :tenant and id = :id and state = 'AWAITED'
                        """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("type", type.written())
                .bind("bytes", file.bytes())
                .bind("key", file.key())
                .execute();
    }

    /** Notes that an attempt failed; without a pause there is no other. */
    void failed(Handle handle, TenantId tenant, UUID id, @Nullable Duration pause, String error) {
        handle.createUpdate("""
                        update media
                           set state = case when cast(:pause as float8) is null then 'FAILED' else state end,
                               due_at = now() + make_interval(secs => coalesce(cast(:pause as float8), 0)),
                               last_error = :error, updated_at = now()
                         where tenant_id = :tenant and id = :id and state = 'AWAITED'
                        """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("pause", pause == null ? null : Columns.seconds(pause))
                .bind("error", error)
                .execute();
    }

    /** Takes an attempt back that was none. */
    void putOff(Handle handle, TenantId tenant, UUID id, Duration pause) {
        handle.createUpdate("""
                        update media set attempts = attempts - 1, updated_at = now(),
                               due_at = now() + make_interval(secs => :pause)
                         where tenant_id = :tenant and id = :id and state = 'AWAITED'
                        """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("pause", Columns.seconds(pause))
                .execute();
    }

    private static Kept kept(ResultSet rs) throws SQLException {
        return new Kept(
                rs.getObject("id", UUID.class),
                rs.getString("media_type"),
                rs.getLong("bytes"),
                rs.getObject("file_key", Integer.class),
                rs.getString("file_name"));
    }

    private String written(MediaReference reference) {
        try {
            return json.writeValueAsString(reference);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a reference is always serializable", impossible);
        }
    }

    private MediaReference read(String reference) {
        try {
            return json.readValue(reference, MediaReference.class);
        } catch (JsonProcessingException unreadable) {
            throw new IllegalStateException("a stored reference cannot be read", unreadable);
        }
    }

    /**
     * Something that is kept.
     *
     * @param fileKey what opens its file; null for the tenant's first key
     */
    record Kept(
            UUID id,
            String mediaType,
            long bytes,
            @Nullable Integer fileKey,
            @Nullable String fileName) {}

    /**
     * Something that came with a message.
     *
     * @param kept null when it could not be fetched, or not yet
     * @param kind what it is, or what its messenger calls it
     */
    record Came(@Nullable Kept kept, String kind, @Nullable String fileName) {}

    /** Something to be fetched. */
    record Due(TenantId tenant, UUID id) {}

    /** Something that is ours to fetch. */
    record Claimed(UUID id, int attempts, UUID account, String accountType, MediaReference reference) {}
}
