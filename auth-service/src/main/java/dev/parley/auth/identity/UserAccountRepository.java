package dev.parley.auth.identity;

import dev.parley.platform.data.Columns;
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

    Optional<Instant> changedAt(Handle handle, UUID id) {
        return handle.createQuery("select updated_at from app.user_account where id = :id")
                .bind("id", id)
                .map((row, context) ->
                        row.getObject("updated_at", OffsetDateTime.class).toInstant())
                .findOne();
    }

    /** Never to a time that it had before, whatever the clock does; waits for whoever changes it just now. */
    boolean changeAfter(Handle handle, UUID id, Instant last) {
        return handle.createUpdate("""
                        update app.user_account
                        set updated_at = greatest(clock_timestamp(), updated_at + interval '1 microsecond')
                        where id = :id and updated_at = :last
                        """).bind("id", id).bind("last", last).execute() == 1;
    }

    void watch(Handle handle, UUID id, @Nullable Instant passwordSetAt, Duration pause) {
        handle.createUpdate("""
                        update app.user_account set watched_since = now(), watched_password = :password,
                          watch_at = now() + make_interval(secs => :pause) where id = :id
                        """)
                .bind("password", passwordSetAt)
                .bind("pause", (double) pause.toSeconds())
                .bind("id", id)
                .execute();
    }

    List<FreshProof> toWatch(Handle handle, int limit) {
        return handle.createQuery("""
                        select id, watched_since, watched_password from app.user_account
                        where watch_at <= now() order by watch_at limit :limit
                        """)
                .bind("limit", limit)
                .map((row, context) -> new FreshProof(
                        row.getObject("id", UUID.class),
                        row.getObject("watched_since", OffsetDateTime.class).toInstant(),
                        Columns.instant(row, "watched_password")))
                .list();
    }

    /** Looks again when twice the time has passed that has passed since the proof. */
    void watchLater(Handle handle, UUID id) {
        handle.createUpdate("update app.user_account set watch_at = now() + (now() - watched_since) where id = :id")
                .bind("id", id)
                .execute();
    }

    void watchNoMore(Handle handle, UUID id) {
        handle.createUpdate("""
                        update app.user_account set watched_since = null, watched_password = null, watch_at = null
                        where id = :id
                        """).bind("id", id).execute();
    }

    private static UserAccount account(ResultSet row) throws SQLException {
        return new UserAccount(
                row.getObject("id", UUID.class),
                row.getString("email"),
                row.getString("name"),
                row.getBoolean("email_verified"));
    }
}
