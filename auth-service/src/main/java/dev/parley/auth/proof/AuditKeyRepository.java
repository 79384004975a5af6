package dev.parley.auth.proof;

import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.lang.JoseException;

/**
 * Audit keys are written in transactions of {@link TenantId#PLATFORM}, whose data key encrypts them. Both halves come out
 * of the encrypted text, so a row that somebody else put there is no key of ours.
 */
@ApplicationScoped
class AuditKeyRepository {
    private static final String TABLE = "audit_key";
    private static final String COLUMN = "private_key";
    private static final long MAKING_LOCK = 7_013_003;

    private final SecretVault vault;

    AuditKeyRepository(SecretVault vault) {
        this.vault = vault;
    }

    /** Lets only one replica at a time make a key. */
    void lock(Handle handle) {
        handle.createQuery("select pg_advisory_xact_lock(:lock) is null")
                .bind("lock", MAKING_LOCK)
                .mapTo(Boolean.class)
                .one();
    }

    /** All keys there ever were, the oldest first. */
    List<AuditKey> all(Handle handle) {
        return handle.createQuery("select id, private_key, created_at from app.audit_key order by created_at, id")
                .map((row, context) -> key(handle, row))
                .list();
    }

    void insert(Handle handle, AuditKey key) {
        UUID id = UUID.fromString(key.pair().getKeyId());
        byte[] whole = key.pair().toJson(OutputControlLevel.INCLUDE_PRIVATE).getBytes(StandardCharsets.UTF_8);
        handle.createUpdate("insert into app.audit_key (id, private_key, created_at) values (:id, :private, :at)")
                .bind("id", id)
                .bind("private", vault.encrypt(handle, TenantId.PLATFORM, TABLE, COLUMN, id, whole))
                .bind("at", key.createdAt())
                .execute();
    }

    private AuditKey key(Handle handle, ResultSet row) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        byte[] whole = vault.decrypt(handle, TenantId.PLATFORM, TABLE, COLUMN, id, row.getBytes(COLUMN));
        Instant createdAt = row.getObject("created_at", OffsetDateTime.class).toInstant();
        try {
            JsonWebKey key = JsonWebKey.Factory.newJwk(new String(whole, StandardCharsets.UTF_8));
            return new AuditKey((EllipticCurveJsonWebKey) key, createdAt);
        } catch (JoseException malformed) {
            throw new IllegalStateException("audit key " + id + " cannot be read", malformed);
        }
    }
}
