package dev.parley.auth.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

@ApplicationScoped
class UserAccountRepository {
    Optional<UserAccount> find(Handle handle, UUID id) {
        return handle.createQuery("select id, email, name, email_verified from app.user_account where id = :id")
                .bind("id", id)
                .map((row, context) -> account(row))
                .findOne();
    }

    List<UserAccount> find(Handle handle, Set<UUID> ids) {
        return handle.createQuery(
                        "select id, email, name, email_verified from app.user_account where id = any(cast(:ids as uuid[]))")
                .bind(
                        "ids",
                        "{" + String.join(",", ids.stream().map(UUID::toString).toList()) + "}")
                .map((row, context) -> account(row))
                .list();
    }

    void save(Handle handle, UserAccount account) {
        handle.createUpdate("""
                        insert into app.user_account (id, email, name, email_verified)
                        values (:id, :email, :name, :emailVerified)
                        on conflict (id) do update
                          set email = excluded.email, name = excluded.name, email_verified = excluded.email_verified,
                              updated_at = now()
                          where (user_account.email, user_account.name, user_account.email_verified)
                            is distinct from (excluded.email, excluded.name, excluded.email_verified)
                        """)
                .bind("id", account.id())
                .bind("email", account.email())
                .bind("name", account.name())
                .bind("emailVerified", account.emailVerified())
                .execute();
    }

    private static UserAccount account(ResultSet row) throws SQLException {
        return new UserAccount(
                row.getObject("id", UUID.class),
                row.getString("email"),
                row.getString("name"),
                row.getBoolean("email_verified"));
    }
}
