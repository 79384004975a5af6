package dev.parley.channel.conversation;

import dev.parley.platform.data.Columns;
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
            "id, agent, channel, contact_id, last_seq, owner, assigned_to, owner_until, handoff_reason, handoff_summary,"
                    + " handoff_at, created_at, updated_at";

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
                           and (cast(:contact as uuid) is null or contact_id = cast(:contact as uuid))
                        """ + owned(filter) + " order by id desc limit :limit")
                .bind("tenant", tenant.value())
                .bind("after", after)
                .bind("channel", filter.channel())
                .bind("contact", filter.contact())
                .bind("owner", filter.owner())
                .bind("assigned", filter.assignedTo())
                .bind("limit", limit)
                .map((rs, context) -> conversation(rs))
                .list();
    }

    /** In words that the indexes of people's inboxes are made of; few of many conversations are in them. */
    private static String owned(ConversationFilter filter) {
        String owner =
                switch (filter.owner()) {
                    case null -> "";
                    case "staff", "waiting" -> " and owner <> 'bot' and owner = :owner";
                    default -> " and owner = :owner";
                };
        return filter.assignedTo() == null ? owner : owner + " and owner = 'staff' and assigned_to = :assigned";
    }

    private static ConversationResponse conversation(ResultSet rs) throws SQLException {
        return new ConversationResponse(
                rs.getObject("id", UUID.class),
                rs.getString("agent"),
                rs.getString("channel"),
                rs.getObject("contact_id", UUID.class),
                rs.getLong("last_seq"),
                rs.getString("owner"),
                rs.getString("assigned_to"),
                Columns.instant(rs, "owner_until"),
                Handoff.of(
                        rs.getString("handoff_reason"),
                        rs.getString("handoff_summary"),
                        Columns.instant(rs, "handoff_at")),
                rs.getObject("created_at", OffsetDateTime.class).toInstant(),
                rs.getObject("updated_at", OffsetDateTime.class).toInstant());
    }
}
