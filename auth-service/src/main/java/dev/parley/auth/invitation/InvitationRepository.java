package dev.parley.auth.invitation;

import dev.parley.auth.member.Role;
import dev.parley.platform.data.Columns;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class InvitationRepository {
    private static final String COLUMNS =
            "id, email, role, expires_at, accepted_at, revoked_at, created_at, created_by";

    /** Inserts an invitation, or renews the living one of that address, which nobody else touches until the end. */
    Invitation insertOrRenew(
            Handle handle, UUID id, String email, Role role, byte[] tokenSha256, Instant expiresAt, String actor) {
        return handle.createQuery("""
                        insert into app.invitation (tenant_id, id, email, role, token_sha256, expires_at, created_by)
                        values (app.tenant(), :id, :email, :role, :hash, :expiresAt, :actor)
                        on conflict (tenant_id, email) where accepted_at is null and revoked_at is null
                        do update set role = excluded.role, token_sha256 = excluded.token_sha256,
                          expires_at = excluded.expires_at, created_by = excluded.created_by, updated_at = now()
                        returning id, email, role, expires_at, accepted_at, revoked_at, created_at, created_by
                        """)
                .bind("id", id)
                .bind("email", email)
                .bind("role", role.word())
                .bind("hash", tokenSha256)
                .bind("expiresAt", expiresAt)
                .bind("actor", actor)
                .map((row, context) -> invitation(row))
                .one();
    }

    /** Invitations that were neither accepted nor revoked, expired ones too. */
    List<Invitation> list(Handle handle, @Nullable UUID after, int limit) {
        return handle.createQuery("select " + COLUMNS + """
                         from app.invitation
                        where tenant_id = app.tenant() and accepted_at is null and revoked_at is null
                          and (cast(:after as uuid) is null or id > cast(:after as uuid))
                        order by id limit :limit
                        """)
                .bind("after", after == null ? null : after.toString())
                .bind("limit", limit)
                .map((row, context) -> invitation(row))
                .list();
    }

    /** How many people may still come by an invitation, beside the one of that address. */
    long countOthers(Handle handle, String email, Instant now) {
        return handle.createQuery("""
                        select count(*) from app.invitation
                        where tenant_id = app.tenant() and accepted_at is null and revoked_at is null
                          and expires_at >= :now and email <> :email
                        """)
                .bind("now", now)
                .bind("email", email)
                .mapTo(Long.class)
                .one();
    }

    /** The invitation of an id that was neither accepted nor revoked, which nobody else changes until the end. */
    Optional<Invitation> lockLiving(Handle handle, UUID id) {
        return handle.createQuery("select " + COLUMNS + """
                         from app.invitation
                        where tenant_id = app.tenant() and id = :id and accepted_at is null and revoked_at is null
                        for update
                        """)
                .bind("id", id)
                .map((row, context) -> invitation(row))
                .findOne();
    }

    /** The invitation of a token, which nobody else accepts until the transaction ends. */
    Optional<Invitation> lock(Handle handle, byte[] tokenSha256) {
        return handle.createQuery("select " + COLUMNS + """
                         from app.invitation where tenant_id = app.tenant() and token_sha256 = :hash for update
                        """)
                .bind("hash", tokenSha256)
                .map((row, context) -> invitation(row))
                .findOne();
    }

    void accept(Handle handle, UUID id, UUID userId) {
        handle.createUpdate("""
                        update app.invitation set accepted_at = now(), accepted_by = :user, updated_at = now()
                        where tenant_id = app.tenant() and id = :id
                        """).bind("id", id).bind("user", userId).execute();
    }

    void revoke(Handle handle, UUID id) {
        handle.createUpdate("""
                        update app.invitation set revoked_at = now(), updated_at = now()
                        where tenant_id = app.tenant() and id = :id
                        """).bind("id", id).execute();
    }

    private static Invitation invitation(ResultSet row) throws SQLException {
        return new Invitation(
                row.getObject("id", UUID.class),
                row.getString("email"),
                Role.of(row.getString("role")),
                row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                Columns.instant(row, "accepted_at"),
                Columns.instant(row, "revoked_at"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getString("created_by"));
    }
}
