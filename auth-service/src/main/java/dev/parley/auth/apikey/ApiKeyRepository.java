package dev.parley.auth.apikey;

import dev.parley.auth.tenant.TenantStatus;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class ApiKeyRepository {
    void insert(Handle handle, UUID id, CreateApiKeyRequest request, String prefix, byte[] sha256, String actor) {
        handle.createUpdate("""
                        insert into app.api_key
                          (tenant_id, id, name, prefix, key_sha256, scopes, expires_at, created_by)
                        values (app.tenant(), :id, :name, :prefix, :hash, string_to_array(:scopes, ','), :expiresAt, :actor)
                        """)
                .bind("id", id)
                .bind("name", request.name())
                .bind("prefix", prefix)
                .bind("hash", sha256)
                .bind("scopes", String.join(",", new TreeSet<>(request.scopes())))
                .bind("expiresAt", request.expiresAt())
                .bind("actor", actor)
                .execute();
    }

    List<ApiKeyResponse> list(Handle handle, @Nullable UUID after, int limit) {
        return handle.createQuery("""
                        select id, name, prefix, scopes, expires_at, last_used_at, created_at, created_by
                        from app.api_key
                        where tenant_id = app.tenant() and revoked_at is null
                          and (cast(:after as uuid) is null or id > cast(:after as uuid))
                        order by id limit :limit
                        """)
                .bind("after", after == null ? null : after.toString())
                .bind("limit", limit)
                .map((row, context) -> new ApiKeyResponse(
                        row.getObject("id", UUID.class),
                        row.getString("name"),
                        row.getString("prefix"),
                        scopes(row),
                        instant(row, "expires_at"),
                        instant(row, "last_used_at"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        row.getString("created_by")))
                .list();
    }

    /** The name of a key and whether it works still; locked against a second revocation. */
    Optional<NamedKey> lock(Handle handle, UUID id) {
        return handle.createQuery("""
                        select name, revoked_at is null as living from app.api_key
                        where tenant_id = app.tenant() and id = :id for update
                        """)
                .bind("id", id)
                .map((row, context) -> new NamedKey(row.getString("name"), row.getBoolean("living")))
                .findOne();
    }

    void revoke(Handle handle, UUID id) {
        handle.createUpdate("""
                        update app.api_key set revoked_at = now(), updated_at = now()
                        where tenant_id = app.tenant() and id = :id
                        """).bind("id", id).execute();
    }

    /** The living key of a hash in whatever tenant; needs the transaction of the relay role. */
    Optional<ProvenKey> byHash(Handle handle, byte[] sha256) {
        return handle.createQuery("""
                        select k.tenant_id, t.status, k.id, k.scopes, k.expires_at
                        from app.api_key k join app.tenant t on t.tenant_id = k.tenant_id
                        where k.key_sha256 = :hash and k.revoked_at is null
                          and (k.expires_at is null or k.expires_at > now())
                        """)
                .bind("hash", sha256)
                .map((row, context) -> new ProvenKey(
                        new TenantId(row.getObject("tenant_id", UUID.class)),
                        TenantStatus.of(row.getString("status")),
                        row.getObject("id", UUID.class),
                        scopes(row),
                        instant(row, "expires_at")))
                .findOne();
    }

    /** Notes the use of a key, at most once a minute: it is for people to see which keys are idle. */
    void touch(Handle handle, UUID id) {
        handle.createUpdate("""
                        update app.api_key set last_used_at = now()
                        where tenant_id = app.tenant() and id = :id
                          and (last_used_at is null or last_used_at < now() - interval '1 minute')
                        """).bind("id", id).execute();
    }

    private static Set<String> scopes(ResultSet row) throws SQLException {
        return new TreeSet<>(Arrays.asList((String[]) row.getArray("scopes").getArray()));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    record NamedKey(String name, boolean living) {}
}
