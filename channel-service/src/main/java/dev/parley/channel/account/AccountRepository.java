package dev.parley.channel.account;

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

/** Rows of channel accounts. */
@ApplicationScoped
class AccountRepository {
    private static final String SELECT = """
            select id, type, name, agent, status, external_id, display_name, credentials,
                   previous_credentials, previous_until, signature_mode, would_be_refused, created_at, updated_at
              from channel_account
            """;

    /** Which tenant an account belongs to; needs the relay role. */
    Optional<TenantId> tenantOf(Handle acrossTenants, UUID id) {
        return acrossTenants
                .createQuery("select tenant_id from channel_account where id = :id")
                .bind("id", id)
                .mapTo(UUID.class)
                .findOne()
                .map(TenantId::new);
    }

    Optional<ChannelAccount> find(Handle handle, TenantId tenant, UUID id) {
        return handle.createQuery(SELECT + " where tenant_id = :tenant and id = :id and deleted_at is null")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .map((rs, context) -> account(rs))
                .findOne();
    }

    /** As {@link #find}, also when it was deleted: what was said before still has to be sent. */
    Optional<ChannelAccount> findEvenDeleted(Handle handle, TenantId tenant, UUID id) {
        return handle.createQuery(SELECT + " where tenant_id = :tenant and id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .map((rs, context) -> account(rs))
                .findOne();
    }

    List<ChannelAccount> list(Handle handle, TenantId tenant, @Nullable UUID after, int limit) {
        return handle.createQuery(SELECT + """
                         where tenant_id = :tenant and deleted_at is null
                           and (cast(:after as uuid) is null or id < cast(:after as uuid))
                         order by id desc limit :limit
                        """)
                .bind("tenant", tenant.value())
                .bind("after", after)
                .bind("limit", limit)
                .map((rs, context) -> account(rs))
                .list();
    }

    boolean isConnected(Handle handle, TenantId tenant, String type, String externalId) {
        return handle.createQuery("""
                        select exists (select from channel_account where tenant_id = :tenant and type = :type
                                          and external_id = :externalId and deleted_at is null)
                        """)
                .bind("tenant", tenant.value())
                .bind("type", type)
                .bind("externalId", externalId)
                .mapTo(Boolean.class)
                .one();
    }

    /** Inserts the account; false when the vendor's account is connected already. */
    boolean insert(Handle handle, TenantId tenant, ChannelAccount account, String by) {
        return handle.createUpdate("""
                        insert into channel_account (tenant_id, id, type, name, agent, status, external_id,
                                                     display_name, credentials, created_by)
                        values (:tenant, :id, :type, :name, :agent, :status, :external, :display, :credentials, :by)
                        on conflict (tenant_id, type, external_id) where deleted_at is null do nothing
                        """)
                        .bind("tenant", tenant.value())
                        .bind("id", account.id())
                        .bind("type", account.type())
                        .bind("name", account.name())
                        .bind("agent", account.agent())
                        .bind("status", account.status())
                        .bind("external", account.externalId())
                        .bind("display", account.displayName())
                        .bind("credentials", account.credentials())
                        .bind("by", by)
                        .execute()
                == 1;
    }

    void update(Handle handle, TenantId tenant, ChannelAccount account) {
        handle.createUpdate("""
                        update channel_account set name = :name, agent = :agent, status = :status,
                               display_name = :display, credentials = :credentials,
                               previous_credentials = :previous, previous_until = :previousUntil,
                               would_be_refused =
                                   case when signature_mode = :mode then would_be_refused else 0 end,
                               signature_mode = :mode, updated_at = now()
                         where tenant_id = :tenant and id = :id
                        """)
                .bind("tenant", tenant.value())
                .bind("id", account.id())
                .bind("name", account.name())
                .bind("agent", account.agent())
                .bind("status", account.status())
                .bind("display", account.displayName())
                .bind("credentials", account.credentials())
                .bind("previous", account.previousCredentials())
                .bind("previousUntil", account.previousUntil())
                .bind("mode", account.signatureMode().written())
                .execute();
    }

    /** Counts a call that would have been refused. */
    void countWouldBeRefused(Handle handle, TenantId tenant, UUID id) {
        handle.createUpdate("""
                        update channel_account set would_be_refused = would_be_refused + 1
                         where tenant_id = :tenant and id = :id and signature_mode = 'observe'
                        """).bind("tenant", tenant.value()).bind("id", id).execute();
    }

    void delete(Handle handle, TenantId tenant, UUID id) {
        handle.createUpdate("""
                        update channel_account set deleted_at = now(), updated_at = now()
                         where tenant_id = :tenant and id = :id
                        """).bind("tenant", tenant.value()).bind("id", id).execute();
    }

    private static ChannelAccount account(ResultSet rs) throws SQLException {
        OffsetDateTime previousUntil = rs.getObject("previous_until", OffsetDateTime.class);
        return new ChannelAccount(
                rs.getObject("id", UUID.class),
                rs.getString("type"),
                rs.getString("name"),
                rs.getString("agent"),
                rs.getString("status"),
                rs.getString("external_id"),
                rs.getString("display_name"),
                rs.getBytes("credentials"),
                rs.getBytes("previous_credentials"),
                previousUntil == null ? null : previousUntil.toInstant(),
                SignatureMode.read(rs.getString("signature_mode")),
                rs.getLong("would_be_refused"),
                rs.getObject("created_at", OffsetDateTime.class).toInstant(),
                rs.getObject("updated_at", OffsetDateTime.class).toInstant());
    }
}
