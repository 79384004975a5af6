package dev.parley.auth.invitation;

import dev.parley.auth.member.Role;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

@ApplicationScoped
class InvitationRepository {
    void insert(Handle handle, Invitation invitation, byte[] tokenSha256) {
        handle.createUpdate("""
                        insert into app.invitation (tenant_id, id, email, role, token_sha256, expires_at, created_by)
                        values (app.tenant(), :id, :email, :role, :hash, :expiresAt, :actor)
                        """)
                .bind("id", invitation.id())
                .bind("email", invitation.email())
                .bind("role", invitation.role().word())
                .bind("hash", tokenSha256)
                .bind("expiresAt", invitation.expiresAt())
                .bind("actor", invitation.createdBy())
                .execute();
    }

    /** The invitation of a token, which nobody else accepts until the transaction ends. */
    Optional<Invitation> lock(Handle handle, byte[] tokenSha256) {
        return handle.createQuery("""
                        select id, email, role, expires_at, accepted_at, created_by from app.invitation
                        where tenant_id = app.tenant() and token_sha256 = :hash for update
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

    private static Invitation invitation(ResultSet row) throws SQLException {
        OffsetDateTime acceptedAt = row.getObject("accepted_at", OffsetDateTime.class);
        return new Invitation(
                row.getObject("id", UUID.class),
                row.getString("email"),
                Role.of(row.getString("role")),
                row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                acceptedAt == null ? null : acceptedAt.toInstant(),
                row.getString("created_by"));
    }
}
