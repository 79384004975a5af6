package dev.parley.auth.session;

import dev.parley.platform.crypto.SealedColumn;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Sessions are written in transactions of {@link TenantId#PLATFORM}, whose data key encrypts their tokens. */
@ApplicationScoped
class SessionRepository {
    @Produces
    static final SealedColumn ACCESS = SealedColumn.ofPlatform("browser_session", "access_token");

    @Produces
    static final SealedColumn REFRESH = SealedColumn.ofPlatform("browser_session", "refresh_token");

    private static final String LEASE = "10 seconds";

    private final SecretVault vault;

    SessionRepository(SecretVault vault) {
        this.vault = vault;
    }

    void insertAttempt(Handle handle, byte[] stateSha256, LoginAttempt attempt) {
        handle.createUpdate("""
                        insert into app.login_attempt
                          (state_sha256, binding_sha256, nonce, code_verifier, redirect_to, expires_at)
                        values (:state, :binding, :nonce, :verifier, :redirectTo, :expiresAt)
                        """)
                .bind("state", stateSha256)
                .bind("binding", attempt.bindingSha256())
                .bind("nonce", attempt.nonce())
                .bind("verifier", attempt.codeVerifier())
                .bind("redirectTo", attempt.redirectTo())
                .bind("expiresAt", attempt.expiresAt())
                .execute();
    }

    /** Takes an attempt away, so that it is used once. */
    Optional<LoginAttempt> takeAttempt(Handle handle, byte[] stateSha256) {
        return handle.createQuery("""
                        delete from app.login_attempt where state_sha256 = :state
                        returning binding_sha256, nonce, code_verifier, redirect_to, expires_at
                        """)
                .bind("state", stateSha256)
                .map((row, context) -> new LoginAttempt(
                        row.getBytes("binding_sha256"),
                        row.getString("nonce"),
                        row.getString("code_verifier"),
                        row.getString("redirect_to"),
                        instant(row, "expires_at")))
                .findOne();
    }

    void insert(Handle handle, BrowserSession session, byte[] cookieSha256) {
        handle.createUpdate("""
                        insert into app.browser_session
                          (id, cookie_sha256, session_id, user_id, access_token, access_expires_at, refresh_token, expires_at)
                        values (:id, :cookie, :session, :user, :access, :accessExpiresAt, :refresh, :expiresAt)
                        """)
                .bind("id", session.id())
                .bind("cookie", cookieSha256)
                .bind("session", session.sessionId())
                .bind("user", session.userId())
                .bind("access", encrypted(handle, session.id(), ACCESS, session.accessToken()))
                .bind("accessExpiresAt", session.accessExpiresAt())
                .bind("refresh", encrypted(handle, session.id(), REFRESH, session.refreshToken()))
                .bind("expiresAt", session.expiresAt())
                .execute();
    }

    Optional<BrowserSession> find(Handle handle, byte[] cookieSha256) {
        return handle.createQuery("""
                        select id, session_id, user_id, access_token, access_expires_at, refresh_token, expires_at
                        from app.browser_session where cookie_sha256 = :cookie and expires_at > now()
                        """)
                .bind("cookie", cookieSha256)
                .map((row, context) -> session(handle, row))
                .findOne();
    }

    /** Claims the right to refresh for a few seconds: two refreshes at once would look like a stolen token. */
    boolean claimRefresh(Handle handle, UUID id, Instant seenAccessExpiry) {
        return handle.createUpdate("""
                        update app.browser_session
                        set refresh_lease_until = now() + cast(:lease as interval), updated_at = now()
                        where id = :id and access_expires_at = :seen
                          and (refresh_lease_until is null or refresh_lease_until < now())
                        """)
                        .bind("lease", LEASE)
                        .bind("id", id)
                        .bind("seen", seenAccessExpiry)
                        .execute()
                == 1;
    }

    void releaseRefresh(Handle handle, UUID id) {
        handle.createUpdate("update app.browser_session set refresh_lease_until = null where id = :id")
                .bind("id", id)
                .execute();
    }

    void renew(Handle handle, BrowserSession session) {
        handle.createUpdate("""
                        update app.browser_session
                        set access_token = :access, access_expires_at = :accessExpiresAt, refresh_token = :refresh,
                            expires_at = :expiresAt, refresh_lease_until = null, updated_at = now()
                        where id = :id
                        """)
                .bind("id", session.id())
                .bind("access", encrypted(handle, session.id(), ACCESS, session.accessToken()))
                .bind("accessExpiresAt", session.accessExpiresAt())
                .bind("refresh", encrypted(handle, session.id(), REFRESH, session.refreshToken()))
                .bind("expiresAt", session.expiresAt())
                .execute();
    }

    /** Notes that a session began, or is used from another place now. */
    void began(Handle handle, String sessionId, UUID user, String device, String address) {
        handle.createUpdate("""
                        insert into app.login_session (session_id, user_id, device, address)
                        values (:session, :user, :device, :address)
                        on conflict (session_id) do update
                          set device = excluded.device, address = excluded.address, last_used_at = now(),
                              updated_at = now()
                        """)
                .bind("session", sessionId)
                .bind("user", user)
                .bind("device", device)
                .bind("address", address)
                .execute();
    }

    /** Notes that a session is used, at most once a minute; false when it was ended. */
    boolean use(Handle handle, String sessionId) {
        return handle.createQuery("""
                        with used as (
                          update app.login_session set last_used_at = now(), updated_at = now()
                          where session_id = :session and last_used_at < now() - interval '1 minute')
                        select not exists (select 1 from app.ended_session where session_id = :session)
                        """)
                .bind("session", sessionId)
                .mapTo(Boolean.class)
                .one();
    }

    List<LoginSession> ofUser(Handle handle, UUID user) {
        return handle.createQuery("""
                        select session_id, device, address, created_at, last_used_at from app.login_session
                        where user_id = :user order by last_used_at desc, session_id
                        """)
                .bind("user", user)
                .map((row, context) -> new LoginSession(
                        row.getString("session_id"),
                        row.getString("device"),
                        row.getString("address"),
                        instant(row, "created_at"),
                        instant(row, "last_used_at")))
                .list();
    }

    /** Ends a session; false when it was ended before. */
    boolean end(Handle handle, String sessionId, Instant until) {
        handle.createUpdate("delete from app.login_session where session_id = :session")
                .bind("session", sessionId)
                .execute();
        handle.createUpdate("delete from app.browser_session where session_id = :session")
                .bind("session", sessionId)
                .execute();
        return handle.createUpdate("""
                        insert into app.ended_session (session_id, until) values (:session, :until)
                        on conflict do nothing
                        """)
                        .bind("session", sessionId)
                        .bind("until", until)
                        .execute()
                == 1;
    }

    boolean isEnded(Handle handle, String sessionId) {
        return handle.createQuery("select exists (select 1 from app.ended_session where session_id = :session)")
                .bind("session", sessionId)
                .mapTo(Boolean.class)
                .one();
    }

    void sweep(Handle handle) {
        handle.execute("delete from app.login_attempt where expires_at < now()");
        handle.execute("delete from app.browser_session where expires_at < now()");
        handle.execute("delete from app.ended_session where until < now()");
        handle.execute("delete from app.login_session where last_used_at < now() - interval '31 days'");
    }

    private BrowserSession session(Handle handle, ResultSet row) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        return new BrowserSession(
                id,
                row.getString("session_id"),
                row.getObject("user_id", UUID.class),
                decrypted(handle, id, ACCESS, row.getBytes(ACCESS.column())),
                instant(row, "access_expires_at"),
                decrypted(handle, id, REFRESH, row.getBytes(REFRESH.column())),
                instant(row, "expires_at"));
    }

    private byte[] encrypted(Handle handle, UUID id, SealedColumn column, String token) {
        return vault.encrypt(handle, TenantId.PLATFORM, column, id, token.getBytes(StandardCharsets.UTF_8));
    }

    private String decrypted(Handle handle, UUID id, SealedColumn column, byte[] token) {
        return new String(vault.decrypt(handle, TenantId.PLATFORM, column, id, token), StandardCharsets.UTF_8);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
