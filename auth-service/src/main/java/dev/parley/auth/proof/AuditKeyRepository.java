package dev.parley.auth.proof;

import dev.parley.auth.signature.Es256Keys;
import dev.parley.platform.crypto.SealedColumn;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Audit keys are written in transactions of {@link TenantId#PLATFORM}, whose data key encrypts them. */
@ApplicationScoped
class AuditKeyRepository {
    @Produces
    static final SealedColumn PRIVATE_KEY = SealedColumn.ofPlatform("audit_key", "private_key");

    private static final long MAKING_LOCK = 7_013_003;

    private final Es256Keys pairs;

    AuditKeyRepository(Es256Keys pairs) {
        this.pairs = pairs;
    }

    /** Lets only one replica at a time make a key. */
    void lock(Handle handle) {
        pairs.lock(handle, MAKING_LOCK);
    }

    /** All keys there ever were, the oldest first. */
    List<AuditKey> all(Handle handle) {
        return handle.createQuery("select id, private_key, created_at from app.audit_key order by created_at, id")
                .map((row, context) -> new AuditKey(
                        pairs.open(handle, PRIVATE_KEY, row.getObject("id", UUID.class), row.getBytes("private_key")),
                        row.getObject("created_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    void insert(Handle handle, AuditKey key) {
        handle.createUpdate("insert into app.audit_key (id, private_key, created_at) values (:id, :private, :at)")
                .bind("id", UUID.fromString(key.pair().getKeyId()))
                .bind("private", pairs.seal(handle, PRIVATE_KEY, key.pair()))
                .bind("at", key.createdAt())
                .execute();
    }
}
