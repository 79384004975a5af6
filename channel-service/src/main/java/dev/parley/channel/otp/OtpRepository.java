package dev.parley.channel.otp;

import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of one-time codes. All times are the database's, so replicas with wrong clocks agree. */
@ApplicationScoped
class OtpRepository {
    private static final int LAST_DIGITS = 4;
    private static final String COLUMNS = """
            id, channel_account_id, conversation_id, operation_id, recipient, purpose, reference, expires_at, approved_at,
            created_at,
            case when state <> 'PENDING' then lower(state) when expires_at <= now() then 'expired'
                 when tries >= most_tries then 'exhausted' else 'pending' end as shown,
            case when state = 'PENDING' and expires_at > now() then most_tries - tries else 0 end as tries_left
            """;

    /** Lets the sends of a tenant's codes pass one by one until the transaction ends, so that each counts the others. */
    void lockTenant(Handle handle, TenantId tenant) {
        handle.createQuery("select pg_advisory_xact_lock(hashtextextended('otp:' || :tenant, 0)) is null")
                .bind("tenant", tenant.value().toString())
                .mapTo(Boolean.class)
                .one();
    }

    /** The limits that the next code would break; where there are none, there is room. */
    List<Limit> reached(Handle handle, TenantId tenant, Aim aim, OtpConfig config) {
        return handle.createQuery("""
                        with lately as (
                            select recipient, number_block, created_at from otp
                             where tenant_id = :tenant and created_at > now() - make_interval(secs => :window)
                        ), counted as (
                            select 'to one recipient' as counts, cast(:perRecipient as int) as most, count(*) as sent,
                                   min(created_at) as oldest
                              from lately where recipient = :recipient
                            union all
                            select 'to one block of numbers', :perNumberBlock, count(*), min(created_at)
                              from lately where number_block = cast(:block as text)
                            union all
                            select 'of one tenant', :perTenant, count(*), min(created_at) from lately)
                        select counts, most,
                               cast(greatest(1, ceil(extract(epoch from oldest - now()) + :window)) as bigint) as wait
                          from counted where sent >= most
                        """)
                .bind("tenant", tenant.value())
                .bind("window", Columns.seconds(config.window()))
                .bind("recipient", aim.recipient())
                .bind("block", block(aim))
                .bind("perRecipient", config.perRecipient())
                .bind("perNumberBlock", config.perNumberBlock())
                .bind("perTenant", config.perTenant())
                .map((rs, context) -> new Limit(rs.getString("counts"), rs.getInt("most"), rs.getLong("wait")))
                .list();
    }

    /** Ends what waits for the same person in the same matter, and returns the operations that sent it. */
    List<UUID> cancel(Handle handle, TenantId tenant, Aim aim, String purpose, String reference) {
        return handle.createQuery("""
                        update otp set state = 'CANCELLED', updated_at = now()
                         where tenant_id = :tenant and recipient = :recipient and purpose = :purpose
                           and reference = :reference and state = 'PENDING'
                        returning operation_id
                        """)
                .bind("tenant", tenant.value())
                .bind("recipient", aim.recipient())
                .bind("purpose", purpose)
                .bind("reference", reference)
                .mapTo(UUID.class)
                .list();
    }

    OtpResponse insert(Handle handle, TenantId tenant, Fresh otp) {
        return handle.createQuery("""
                        insert into otp (tenant_id, id, channel_account_id, conversation_id, operation_id, recipient,
                                         number_block, purpose, reference, digest, most_tries, expires_at, created_by)
                        values (:tenant, :id, :account, :conversation, :operation, :recipient, :block, :purpose,
                                :reference, :digest, :tries, now() + make_interval(secs => :life), :by)
                        returning""" + " " + COLUMNS)
                .bind("tenant", tenant.value())
                .bind("id", otp.id())
                .bind("account", otp.aim().account())
                .bind("conversation", otp.conversation())
                .bind("operation", otp.operation())
                .bind("recipient", otp.aim().recipient())
                .bind("block", block(otp.aim()))
                .bind("purpose", otp.purpose())
                .bind("reference", otp.reference())
                .bind("digest", otp.digest())
                .bind("tries", otp.tries())
                .bind("life", Columns.seconds(otp.life()))
                .bind("by", otp.by())
                .map((rs, context) -> otp(rs))
                .one();
    }

    Optional<OtpResponse> find(Handle handle, TenantId tenant, UUID id) {
        return handle.createQuery("select " + COLUMNS + " from otp where tenant_id = :tenant and id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .map((rs, context) -> otp(rs))
                .findOne();
    }

    /** Counts a try and locks the code; empty when it cannot be tried any more, or there is none. */
    Optional<Tried> countTry(Handle handle, TenantId tenant, UUID id) {
        return handle.createQuery("""
                        update otp set tries = tries + 1, updated_at = now()
                         where tenant_id = :tenant and id = :id and state = 'PENDING' and tries < most_tries
                           and expires_at > now()
                        returning digest, most_tries - tries as tries_left
                        """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .map((rs, context) -> new Tried(rs.getBytes("digest"), rs.getInt("tries_left")))
                .findOne();
    }

    void approve(Handle handle, TenantId tenant, UUID id) {
        handle.createUpdate("""
                        update otp set state = 'APPROVED', approved_at = now(), updated_at = now()
                         where tenant_id = :tenant and id = :id
                        """).bind("tenant", tenant.value()).bind("id", id).execute();
    }

    /** Deletes codes of all tenants that are older than that; needs the relay role. */
    int forget(Handle acrossTenants, Duration age) {
        return acrossTenants
                .createUpdate("delete from otp where created_at < now() - make_interval(secs => :age)")
                .bind("age", Columns.seconds(age))
                .execute();
    }

    private static @Nullable String block(Aim aim) {
        String phone = aim.addressee().phone();
        return phone == null ? null : phone.substring(0, phone.length() - LAST_DIGITS);
    }

    private static OtpResponse otp(ResultSet rs) throws SQLException {
        return new OtpResponse(
                rs.getObject("id", UUID.class),
                rs.getString("shown"),
                rs.getInt("tries_left"),
                rs.getObject("channel_account_id", UUID.class),
                rs.getObject("conversation_id", UUID.class),
                rs.getString("recipient"),
                rs.getString("purpose"),
                rs.getString("reference"),
                null,
                rs.getObject("operation_id", UUID.class),
                Columns.instant(rs, "expires_at"),
                Columns.instant(rs, "approved_at"),
                Columns.instant(rs, "created_at"));
    }

    /** A code to be stored. */
    record Fresh(
            UUID id,
            Aim aim,
            UUID conversation,
            UUID operation,
            String purpose,
            String reference,
            byte[] digest,
            int tries,
            Duration life,
            String by) {}

    /** A code at which a try was counted. */
    record Tried(byte[] digest, int left) {}

    /** A limit that is reached, and the seconds until there is room again. */
    record Limit(String of, int most, long retryAfter) {}
}
