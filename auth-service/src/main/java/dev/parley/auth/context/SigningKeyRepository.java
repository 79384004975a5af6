package dev.parley.auth.context;

import dev.parley.auth.signature.Es256Keys;
import dev.parley.platform.crypto.SealedColumn;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;

/** Signing keys are written in transactions of {@link TenantId#PLATFORM}, whose data key encrypts them. */
@ApplicationScoped
class SigningKeyRepository {
    @Produces
    static final SealedColumn PRIVATE_KEY = SealedColumn.ofPlatform("signing_key", "private_key");

    private static final long ROTATION_LOCK = 7_013_001;

    private final Es256Keys pairs;

    SigningKeyRepository(Es256Keys pairs) {
        this.pairs = pairs;
    }

    /** Lets only one replica at a time make a key. */
    void lockRotation(Handle handle) {
        pairs.lock(handle, ROTATION_LOCK);
    }

    List<SigningKey> all(Handle handle) {
        return handle.createQuery("select id, private_key, signing_from from app.signing_key order by signing_from")
                .map((row, context) -> new SigningKey(
                        pairs.open(handle, PRIVATE_KEY, row.getObject("id", UUID.class), row.getBytes("private_key")),
                        row.getObject("signing_from", OffsetDateTime.class).toInstant()))
                .list();
    }

    void insert(Handle handle, SigningKey key) {
        handle.createUpdate("""
                        insert into app.signing_key (id, public_jwk, private_key, signing_from)
                        values (:id, :public, :private, :signingFrom)
                        """)
                .bind("id", UUID.fromString(key.pair().getKeyId()))
                .bind("public", key.pair().toJson(OutputControlLevel.PUBLIC_ONLY))
                .bind("private", pairs.seal(handle, PRIVATE_KEY, key.pair()))
                .bind("signingFrom", key.signingFrom())
                .execute();
    }

    void delete(Handle handle, String keyId) {
        handle.createUpdate("delete from app.signing_key where id = :id")
                .bind("id", UUID.fromString(keyId))
                .execute();
    }
}
