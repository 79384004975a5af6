package dev.parley.auth.apikey;

import dev.parley.auth.tenant.TenantStatus;
import dev.parley.platform.data.Columns;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class ApiKeyRepository {
    private static final String COLUMNS =
            "id, name, prefix, scopes, service_account_id, rate_limit, expires_at, last_used_at, revoked_at, created_at,"
                    + " created_by";

    /** The names of these keys of the transaction's tenant, revoked ones too. */
    Map<UUID, String> names(Handle handle, Set<UUID> ids) {
        return handle.createQuery(
                        "select id, name from app.api_key where tenant_id = app.tenant() and id = any(cast(:ids as uuid[]))")
                .bind(
                        "ids",
                        "{" + String.join(",", ids.stream().map(UUID::toString).toList()) + "}")
                .reduceRows(new HashMap<>(), (names, row) -> {
                    names.put(row.getColumn("id", UUID.class), row.getColumn("name", String.class));
                    return names;
                });
    }

    /** Inserts a key; false when its service account is not there or disabled, which stays so until the end. */
    boolean insert(Handle handle, ApiKey key, byte[] sha256) {
        if (key.serviceAccountId() != null && !lockServiceAccount(handle, key.serviceAccountId())) {
            return false;
        }
        handle.createUpdate("""
                        insert into app.api_key (tenant_id, id, name, prefix, key_sha256, scopes, service_account_id,
                          rate_limit, expires_at, created_by)
                        values (app.tenant(), :id, :name, :prefix, :hash, string_to_array(:scopes, ','), cast(:account as uuid),
                          :rateLimit, :expiresAt, :actor)
                        """)
                .bind("id", key.id())
                .bind("name", key.name())
                .bind("prefix", key.prefix())
                .bind("hash", sha256)
                .bind("scopes", String.join(",", key.scopes()))
                .bind(
                        "account",
                        key.serviceAccountId() == null
                                ? null
                                : key.serviceAccountId().toString())
                .bind("rateLimit", key.rateLimit())
                .bind("expiresAt", key.expiresAt())
                .bind("actor", key.createdBy())
                .execute();
        return true;
    }

    private static boolean lockServiceAccount(Handle handle, UUID id) {
        return handle.createQuery("""
                        select 1 from app.service_account
                        where tenant_id = app.tenant() and id = :id and disabled_at is null for share
                        """)
                .bind("id", id)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    List<ApiKey> list(Handle handle, @Nullable UUID after, int limit) {
        return handle.createQuery("select " + COLUMNS + """
                         from app.api_key where tenant_id = app.tenant() and revoked_at is null
                          and (cast(:after as uuid) is null or id > cast(:after as uuid))
                        order by id limit :limit
                        """)
                .bind("after", after == null ? null : after.toString())
                .bind("limit", limit)
                .map((row, context) -> key(row))
                .list();
    }

    /** How many keys work, beside that one if it is named. */
    long countLiving(Handle handle, @Nullable UUID beside) {
        return handle.createQuery("""
                        select count(*) from app.api_key
                        where tenant_id = app.tenant() and revoked_at is null
                          and (expires_at is null or expires_at > now())
                          and id is distinct from cast(:beside as uuid)
                        """)
                .bind("beside", beside == null ? null : beside.toString())
                .mapTo(Long.class)
                .one();
    }

    /** A key, locked against a second revocation. */
    Optional<ApiKey> lock(Handle handle, UUID id) {
        return handle.createQuery("select " + COLUMNS + """
                         from app.api_key where tenant_id = app.tenant() and id = :id for update
                        """)
                .bind("id", id)
                .map((row, context) -> key(row))
                .findOne();
    }

    /** The keys of a service account that were not revoked, locked. */
    List<ApiKey> lockOf(Handle handle, UUID serviceAccountId) {
        return handle.createQuery("select " + COLUMNS + """
                         from app.api_key
                        where tenant_id = app.tenant() and service_account_id = :account and revoked_at is null
                        order by id for update
                        """)
                .bind("account", serviceAccountId)
                .map((row, context) -> key(row))
                .list();
    }

    /** The keys that an actor made and nobody revoked, locked. */
    List<ApiKey> lockMadeBy(Handle handle, String actor) {
        return handle.createQuery("select " + COLUMNS + """
                         from app.api_key
                        where tenant_id = app.tenant() and created_by = :actor and revoked_at is null
                        order by id for update
                        """)
                .bind("actor", actor)
                .map((row, context) -> key(row))
                .list();
    }

    void revoke(Handle handle, UUID id) {
        handle.createUpdate("""
                        update app.api_key set revoked_at = now(), updated_at = now()
                        where tenant_id = app.tenant() and id = :id
                        """).bind("id", id).execute();
    }

    /** Lets a key end at that time, if it does not end before. */
    void endAt(Handle handle, UUID id, Instant time) {
        handle.createUpdate("""
                        update app.api_key set expires_at = least(expires_at, :time), updated_at = now()
                        where tenant_id = app.tenant() and id = :id
                        """).bind("id", id).bind("time", time).execute();
    }

    /** Keys whose time is over and that were not revoked, with their tenants; needs the relay role. */
    List<Map.Entry<TenantId, UUID>> runOut(Handle handle, int limit) {
        return handle.createQuery("""
                        select tenant_id, id from app.api_key where revoked_at is null and expires_at <= now() limit :limit
                        """)
                .bind("limit", limit)
                .map((row, context) -> Map.entry(
                        new TenantId(row.getObject("tenant_id", UUID.class)), row.getObject("id", UUID.class)))
                .list();
    }

    /** The living key of a hash in whatever tenant; needs the transaction of the relay role. */
    Optional<ProvenKey> byHash(Handle handle, byte[] sha256) {
        return handle.createQuery("""
                        select k.tenant_id, t.status, k.id, k.service_account_id, k.scopes, k.rate_limit, k.expires_at
                        from app.api_key k join app.tenant t on t.tenant_id = k.tenant_id
                        where k.key_sha256 = :hash and k.revoked_at is null and t.status <> 'erased'
                          and (k.expires_at is null or k.expires_at > now())
                        """)
                .bind("hash", sha256)
                .map((row, context) -> new ProvenKey(
                        new TenantId(row.getObject("tenant_id", UUID.class)),
                        TenantStatus.of(row.getString("status")),
                        row.getObject("id", UUID.class),
                        row.getObject("service_account_id", UUID.class),
                        scopes(row),
                        row.getObject("rate_limit", Integer.class),
                        Columns.instant(row, "expires_at")))
                .findOne();
    }

    /**
     * Notes the use of a key, at most once a minute: it is for people to see which keys are idle. The caller waits for
     * this, so the commit does not wait for the disk. A transaction of its own.
     */
    void touch(Database database, TenantId tenant, UUID id) {
        database.statement(tenant, """
                        update app.api_key set last_used_at = now()
                        from (select set_config('synchronous_commit', 'off', true)) relaxed
                        where tenant_id = app.tenant() and id = ?
                          and (last_used_at is null or last_used_at < now() - interval '1 minute')
                        """).bind(id).update();
    }

    private static ApiKey key(ResultSet row) throws SQLException {
        return new ApiKey(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("prefix"),
                scopes(row),
                row.getObject("service_account_id", UUID.class),
                row.getObject("rate_limit", Integer.class),
                Columns.instant(row, "expires_at"),
                Columns.instant(row, "last_used_at"),
                Columns.instant(row, "revoked_at"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getString("created_by"));
    }

    private static Set<String> scopes(ResultSet row) throws SQLException {
        return new TreeSet<>(Arrays.asList((String[]) row.getArray("scopes").getArray()));
    }
}
