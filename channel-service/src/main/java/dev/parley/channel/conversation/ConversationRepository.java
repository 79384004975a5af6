package dev.parley.channel.conversation;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of conversations. */
@ApplicationScoped
class ConversationRepository {
    private static final String COLUMNS =
            "id, agent, channel, contact_id, last_seq, owner," + " assigned_to, owner_until, created_at, updated_at";

    ConversationResponse insert(Handle handle, TenantId tenant, UUID id, String agent, String channel, String by) {
        return handle.createQuery("insert into conversation (tenant_id, id, agent, channel, created_by)"
                        + " values (:tenant, :id, :agent, :channel, :by) returning " + COLUMNS)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("agent", agent)
                .bind("channel", channel)
                .bind("by", by)
                .map((rs, context) -> conversation(rs))
                .one();
    }

    Optional<ConversationResponse> find(Handle handle, TenantId tenant, UUID id) {
        return handle.createQuery("select " + COLUMNS + " from conversation where tenant_id = :tenant and id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .map((rs, context) -> conversation(rs))
                .findOne();
    }

    List<ConversationResponse> list(
            Handle handle, TenantId tenant, ConversationFilter filter, @Nullable UUID after, int limit) {
        return handle.createQuery("select " + COLUMNS + """
                         from conversation
                         where tenant_id = :tenant and (cast(:after as uuid) is null or id < cast(:after as uuid))
                           and (cast(:channel as text) is null or channel = cast(:channel as text))
                           and (cast(:owner as text) is null or owner = cast(:owner as text))
                           and (cast(:assigned as text) is null or assigned_to = cast(:assigned as text))
                           and (cast(:contact as uuid) is null or contact_id = cast(:contact as uuid))
                         order by id desc limit :limit
                        """)
                .bind("tenant", tenant.value())
                .bind("after", after)
                .bind("channel", filter.channel())
                .bind("owner", filter.owner())
                .bind("assigned", filter.assignedTo())
                .bind("contact", filter.contact())
                .bind("limit", limit)
                .map((rs, context) -> conversation(rs))
                .list();
    }

    private static ConversationResponse conversation(ResultSet rs) throws SQLException {
        OffsetDateTime until = rs.getObject("owner_until", OffsetDateTime.class);
        return new ConversationResponse(
                rs.getObject("id", UUID.class),
                rs.getString("agent"),
                rs.getString("channel"),
                rs.getObject("contact_id", UUID.class),
                rs.getLong("last_seq"),
                rs.getString("owner"),
                rs.getString("assigned_to"),
                until == null ? null : until.toInstant(),
                rs.getObject("created_at", OffsetDateTime.class).toInstant(),
                rs.getObject("updated_at", OffsetDateTime.class).toInstant());
    }
}
