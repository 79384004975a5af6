package dev.parley.platform.idempotency;

import dev.parley.platform.crypto.SealedColumn;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the first answer to each Idempotency-Key, per tenant, principal and route, for at least 24 hours. Answers are
 * encrypted with the tenant's data key, because some of them show a secret that is stored nowhere else.
 */
@ApplicationScoped
class IdempotencyRecords {
    @Produces
    static final SealedColumn BODY = SealedColumn.shortLived("idempotency_record", "body");

    private final Database database;
    private final SecretVault vault;

    IdempotencyRecords(Database database, SecretVault vault) {
        this.database = database;
        this.vault = vault;
    }

    /**
     * Claims the key. Empty means that the caller is the first and must run the request; a claim whose request
     * started more than three minutes ago without an answer died with its process and is taken over.
     */
    Optional<Stored> claim(Slot slot, String fingerprint) {
        return database.inTenant(slot.tenant(), handle -> {
            int claimed = handle.createUpdate("""
                            insert into idempotency_record (tenant_id, scope, key, fingerprint)
                            values (:tenant, :scope, :key, :fingerprint)
                            on conflict (tenant_id, scope, key) do update set created_at = now()
                              where idempotency_record.status is null
                                and idempotency_record.fingerprint = excluded.fingerprint
                                and idempotency_record.created_at < now() - interval '3 minutes'
                            """)
                    .bind("tenant", slot.tenant().value())
                    .bind("scope", slot.scope())
                    .bind("key", slot.key())
                    .bind("fingerprint", fingerprint)
                    .execute();
            return claimed == 1
                    ? Optional.empty()
                    : handle.createQuery("""
                                    select fingerprint, status, content_type, body from idempotency_record
                                     where tenant_id = :tenant and scope = :scope and key = :key
                                    """)
                            .bind("tenant", slot.tenant().value())
                            .bind("scope", slot.scope())
                            .bind("key", slot.key())
                            .map((rs, ctx) -> new Stored(
                                    rs.getString("fingerprint"),
                                    rs.getObject("status", Integer.class),
                                    rs.getString("content_type"),
                                    decrypted(handle, slot, rs.getString("body"))))
                            .findOne();
        });
    }

    /** Keeps the answer. */
    void complete(Slot slot, int status, @Nullable String contentType, @Nullable String body) {
        database.useTenant(slot.tenant(), handle -> handle.createUpdate("""
                        update idempotency_record set status = :status, content_type = :type, body = :body
                         where tenant_id = :tenant and scope = :scope and key = :key
                        """)
                .bind("status", status)
                .bind("type", contentType)
                .bind("body", encrypted(handle, slot, body))
                .bind("tenant", slot.tenant().value())
                .bind("scope", slot.scope())
                .bind("key", slot.key())
                .execute());
    }

    /** Frees the key after a failure of ours, so that the client may try again. */
    void abandon(Slot slot) {
        database.useTenant(slot.tenant(), handle -> handle.createUpdate("""
                        delete from idempotency_record
                         where tenant_id = :tenant and scope = :scope and key = :key and status is null
                        """)
                .bind("tenant", slot.tenant().value())
                .bind("scope", slot.scope())
                .bind("key", slot.key())
                .execute());
    }

    private @Nullable String encrypted(Handle handle, Slot slot, @Nullable String body) {
        if (body == null) {
            return null;
        }
        byte[] secret = body.getBytes(StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(vault.encrypt(handle, slot.tenant(), BODY, slot.row(), secret));
    }

    private @Nullable String decrypted(Handle handle, Slot slot, @Nullable String body) {
        if (body == null) {
            return null;
        }
        byte[] ciphertext = Base64.getDecoder().decode(body);
        return new String(vault.decrypt(handle, slot.tenant(), BODY, slot.row(), ciphertext), StandardCharsets.UTF_8);
    }

    /** Where an answer is kept. */
    record Slot(TenantId tenant, String scope, String key) {
        /** The identity of the row, to which its encrypted answer is bound. */
        UUID row() {
            return UUID.nameUUIDFromBytes((scope + "|" + key).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A kept answer; without a status the first request still runs. */
    record Stored(
            String fingerprint,
            @Nullable Integer status,
            @Nullable String contentType,
            @Nullable String body) {}
}
