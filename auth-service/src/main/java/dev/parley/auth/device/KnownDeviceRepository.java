package dev.parley.auth.device;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

@ApplicationScoped
class KnownDeviceRepository {
    void insert(Handle handle, byte[] tokenSha256, UUID user, Instant expiresAt) {
        handle.createUpdate("""
                        insert into app.known_device (token_sha256, user_id, expires_at)
                        values (:token, :user, :expiresAt)
                        """)
                .bind("token", tokenSha256)
                .bind("user", user)
                .bind("expiresAt", expiresAt)
                .execute();
    }

    Optional<UUID> owner(Handle handle, byte[] tokenSha256) {
        return handle.createQuery(
                        "select user_id from app.known_device where token_sha256 = :token and expires_at > now()")
                .bind("token", tokenSha256)
                .mapTo(UUID.class)
                .findOne();
    }

    /** A good login with a device of the person makes it good as new; false when it is not one. */
    boolean renew(Handle handle, byte[] tokenSha256, UUID user, Instant expiresAt) {
        return handle.createUpdate("""
                        update app.known_device set failures = 0, unlocks = 0, expires_at = :expiresAt, updated_at = now()
                        where token_sha256 = :token and user_id = :user and expires_at > now()
                        """)
                        .bind("token", tokenSha256)
                        .bind("user", user)
                        .bind("expiresAt", expiresAt)
                        .execute()
                == 1;
    }

    void fail(Handle handle, byte[] tokenSha256, int most) {
        handle.createUpdate(
                        "update app.known_device set failures = failures + 1, updated_at = now() where token_sha256 = :token")
                .bind("token", tokenSha256)
                .execute();
        handle.createUpdate("delete from app.known_device where token_sha256 = :token and failures >= :most")
                .bind("token", tokenSha256)
                .bind("most", most)
                .execute();
    }

    /** Counts one more lock that the device opens; false when it has opened so many since its last good login. */
    boolean countUnlock(Handle handle, byte[] tokenSha256, int most) {
        return handle.createUpdate("""
                        update app.known_device set unlocks = unlocks + 1, updated_at = now()
                        where token_sha256 = :token and unlocks < :most
                        """)
                        .bind("token", tokenSha256)
                        .bind("most", most)
                        .execute()
                == 1;
    }

    void forgetAll(Handle handle, UUID user) {
        handle.createUpdate("delete from app.known_device where user_id = :user")
                .bind("user", user)
                .execute();
    }

    void sweep(Handle handle) {
        handle.execute("delete from app.known_device where expires_at < now()");
    }
}
