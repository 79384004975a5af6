package dev.parley.channel.account;

import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of channel accounts. */
@ApplicationScoped
class AccountRepository {
    private static final String SELECT = """
            select id, type, name, agent, status, external_id, display_name, credentials, credentials_no,
                   previous_credentials, previous_until, would_be_refused, observe_until,
                   held_template, held_template_language, created_at, updated_at,
                   case when observe_until > now() then 'observe' else 'enforce' end as signature_mode
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

    /** As {@link #find}; nobody else changes it until the transaction ends. */
    Optional<ChannelAccount> lock(Handle handle, TenantId tenant, UUID id) {
        return handle.createQuery(SELECT + " where tenant_id = :tenant and id = :id and deleted_at is null for update")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .map((rs, context) -> account(rs))
                .findOne();
    }

    /** The account of that id at the vendor. */
    Optional<UUID> withExternalId(Handle handle, TenantId tenant, String type, String externalId) {
        return handle.createQuery("""
                        select id from channel_account
                         where tenant_id = :tenant and type = :type and external_id = :external and deleted_at is null
                        """)
                .bind("tenant", tenant.value())
                .bind("type", type)
                .bind("external", externalId)
                .mapTo(UUID.class)
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
                               display_name = :display, credentials = :credentials, credentials_no = :credentialsNo,
                               previous_credentials = :previous, previous_until = :previousUntil,
                               would_be_refused = :wouldBeRefused, signature_mode = :mode,
                               observe_until = :observeUntil, held_template = :heldTemplate,
                               held_template_language = :heldTemplateLanguage, updated_at = now()
                         where tenant_id = :tenant and id = :id
                        """)
                .bind("tenant", tenant.value())
                .bind("id", account.id())
                .bind("name", account.name())
                .bind("agent", account.agent())
                .bind("status", account.status())
                .bind("display", account.displayName())
                .bind("credentials", account.credentials())
                .bind("credentialsNo", account.credentialsNo())
                .bind("wouldBeRefused", account.wouldBeRefused())
                .bind("observeUntil", account.observeUntil())
                .bind(
                        "heldTemplate",
                        account.heldTemplate() == null
                                ? null
                                : account.heldTemplate().name())
                .bind(
                        "heldTemplateLanguage",
                        account.heldTemplate() == null
                                ? null
                                : account.heldTemplate().language())
                .bind("previous", account.previousCredentials())
                .bind("previousUntil", account.previousUntil())
                .bind("mode", account.signatureMode().written())
                .execute();
    }

    /** Counts a call that would have been refused. */
    void countWouldBeRefused(Handle handle, TenantId tenant, UUID id) {
        handle.createUpdate("""
                        update channel_account set would_be_refused = would_be_refused + 1
                         where tenant_id = :tenant and id = :id and observe_until > now()
                        """).bind("tenant", tenant.value()).bind("id", id).execute();
    }

    /** Accounts of all tenants that keep credentials which are good for nothing any more; needs the relay role. */
    List<Owned> withOverdueCredentials(Handle acrossTenants, int limit) {
        return acrossTenants
                .createQuery("""
                        select tenant_id, id from channel_account where previous_until < now() limit :limit
                        """)
                .bind("limit", limit)
                .map((rs, context) -> owned(rs))
                .list();
    }

    void forgetOverdueCredentials(Handle handle, TenantId tenant, UUID id) {
        handle.createUpdate("""
                        update channel_account set previous_credentials = null, previous_until = null
                         where tenant_id = :tenant and id = :id and previous_until < now()
                        """).bind("tenant", tenant.value()).bind("id", id).execute();
    }

    /** Accounts of all tenants of these types that were not asked for that long; needs the relay role. */
    List<Owned> unasked(Handle acrossTenants, Set<String> types, Duration since, int limit) {
        return acrossTenants
                .createQuery("""
                        select tenant_id, id from channel_account
                         where type = any(:types) and deleted_at is null
                           and asked_at < now() - make_interval(secs => :since)
                         order by asked_at limit :limit
                        """)
                .bind("types", types.toArray(String[]::new))
                .bind("since", since.toSeconds())
                .bind("limit", limit)
                .map((rs, context) -> owned(rs))
                .list();
    }

    /** Takes the asking of an account's vendor; returns until when it answered, empty when another one took it. */
    Optional<Instant> ask(Handle handle, TenantId tenant, UUID id, Duration since) {
        return handle.createQuery("""
                        with due as (
                            select id, now() as started from channel_account
                             where tenant_id = :tenant and id = :id and deleted_at is null
                               and asked_at < now() - make_interval(secs => :since)
                               for update skip locked
                        )
                        update channel_account a set asked_at = due.started from due
                         where a.tenant_id = :tenant and a.id = due.id
                        returning a.answered_at
                        """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("since", since.toSeconds())
                .mapTo(OffsetDateTime.class)
                .findOne()
                .map(OffsetDateTime::toInstant);
    }

    /** Notes that the vendor answered what it was asked last. */
    void answered(Handle handle, TenantId tenant, UUID id) {
        handle.createUpdate("""
                        update channel_account set answered_at = asked_at where tenant_id = :tenant and id = :id
                        """).bind("tenant", tenant.value()).bind("id", id).execute();
    }

    private static Owned owned(ResultSet rs) throws SQLException {
        return new Owned(new TenantId(rs.getObject("tenant_id", UUID.class)), rs.getObject("id", UUID.class));
    }

    /** An account and whose it is. */
    record Owned(TenantId tenant, UUID id) {}

    void delete(Handle handle, TenantId tenant, UUID id) {
        handle.createUpdate("""
                        update channel_account set deleted_at = now(), updated_at = now()
                         where tenant_id = :tenant and id = :id
                        """).bind("tenant", tenant.value()).bind("id", id).execute();
    }

    private static ChannelAccount account(ResultSet rs) throws SQLException {
        return new ChannelAccount(
                rs.getObject("id", UUID.class),
                rs.getString("type"),
                rs.getString("name"),
                rs.getString("agent"),
                rs.getString("status"),
                rs.getString("external_id"),
                rs.getString("display_name"),
                rs.getBytes("credentials"),
                rs.getLong("credentials_no"),
                rs.getBytes("previous_credentials"),
                Columns.instant(rs, "previous_until"),
                SignatureMode.read(rs.getString("signature_mode")),
                Columns.instant(rs, "observe_until"),
                rs.getLong("would_be_refused"),
                rs.getString("held_template") == null
                        ? null
                        : new HeldTemplate(rs.getString("held_template"), rs.getString("held_template_language")),
                rs.getObject("created_at", OffsetDateTime.class).toInstant(),
                rs.getObject("updated_at", OffsetDateTime.class).toInstant());
    }
}
