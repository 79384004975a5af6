package dev.parley.auth.context;

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

/** Signing keys are written in transactions of {@link TenantId#PLATFORM}, whose data key encrypts them. */
@ApplicationScoped
class SigningKeyRepository {
    private static final String TABLE = "signing_key";
    private static final String COLUMN = "private_key";
    private static final long ROTATION_LOCK = 7_013_001;

    private final SecretVault vault;

    SigningKeyRepository(SecretVault vault) {
        this.vault = vault;
    }

    /** Lets only one replica at a time make a key. */
    void lockRotation(Handle handle) {
        handle.createQuery("select pg_advisory_xact_lock(:lock) is null")
                .bind("lock", ROTATION_LOCK)
                .mapTo(Boolean.class)
                .one();
    }

    List<SigningKey> all(Handle handle) {
        return handle.createQuery("select id, private_key, signing_from from app.signing_key order by signing_from")
                .map((row, context) -> key(handle, row))
                .list();
    }

    void insert(Handle handle, SigningKey key) {
        UUID id = UUID.fromString(key.pair().getKeyId());
        byte[] whole = key.pair().toJson(OutputControlLevel.INCLUDE_PRIVATE).getBytes(StandardCharsets.UTF_8);
        handle.createUpdate("""
                        insert into app.signing_key (id, public_jwk, private_key, signing_from)
                        values (:id, :public, :private, :signingFrom)
                        """)
                .bind("id", id)
                .bind("public", key.pair().toJson(OutputControlLevel.PUBLIC_ONLY))
                .bind("private", vault.encrypt(handle, TenantId.PLATFORM, TABLE, COLUMN, id, whole))
                .bind("signingFrom", key.signingFrom())
                .execute();
    }

    void delete(Handle handle, String keyId) {
        handle.createUpdate("delete from app.signing_key where id = :id")
                .bind("id", UUID.fromString(keyId))
                .execute();
    }

    private SigningKey key(Handle handle, ResultSet row) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        byte[] whole = vault.decrypt(handle, TenantId.PLATFORM, TABLE, COLUMN, id, row.getBytes(COLUMN));
        Instant signingFrom =
                row.getObject("signing_from", OffsetDateTime.class).toInstant();
        try {
            JsonWebKey key = JsonWebKey.Factory.newJwk(new String(whole, StandardCharsets.UTF_8));
            return new SigningKey((EllipticCurveJsonWebKey) key, signingFrom);
        } catch (JoseException malformed) {
            throw new IllegalStateException("signing key " + id + " cannot be read", malformed);
        }
    }
}
