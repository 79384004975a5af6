package dev.parley.auth.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

@ApplicationScoped
class UserAccountRepository {
    Optional<UserAccount> find(Handle handle, UUID id) {
        return handle.createQuery("select id, email, name from app.user_account where id = :id")
                .bind("id", id)
                .map((row, context) -> account(row))
                .findOne();
    }

    void save(Handle handle, UserAccount account) {
        handle.createUpdate("""
                        insert into app.user_account (id, email, name) values (:id, :email, :name)
                        on conflict (id) do update set email = excluded.email, name = excluded.name, updated_at = now()
                        where (user_account.email, user_account.name) is distinct from (excluded.email, excluded.name)
                        """)
                .bind("id", account.id())
                .bind("email", account.email())
                .bind("name", account.name())
                .execute();
    }

    private static UserAccount account(ResultSet row) throws SQLException {
        return new UserAccount(row.getObject("id", UUID.class), row.getString("email"), row.getString("name"));
    }
}
