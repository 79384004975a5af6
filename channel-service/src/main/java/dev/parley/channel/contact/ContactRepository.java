package dev.parley.channel.contact;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of contacts. */
@ApplicationScoped
class ContactRepository {
    List<ContactResponse> list(Handle handle, TenantId tenant, @Nullable UUID after, int limit) {
        return handle.createQuery("""
                        select id, channel, channel_account_id, external_id, display_name, username, language,
                               created_at, updated_at
                          from contact
                         where tenant_id = :tenant and (cast(:after as uuid) is null or id < cast(:after as uuid))
                         order by id desc limit :limit
                        """)
                .bind("tenant", tenant.value())
                .bind("after", after)
                .bind("limit", limit)
                .map((rs, context) -> new ContactResponse(
                        rs.getObject("id", UUID.class),
                        rs.getString("channel"),
                        rs.getObject("channel_account_id", UUID.class),
                        rs.getString("external_id"),
                        rs.getString("display_name"),
                        rs.getString("username"),
                        rs.getString("language"),
                        rs.getObject("created_at", OffsetDateTime.class).toInstant(),
                        rs.getObject("updated_at", OffsetDateTime.class).toInstant()))
                .list();
    }
}
