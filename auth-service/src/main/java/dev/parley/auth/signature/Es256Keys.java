package dev.parley.auth.signature;

import dev.parley.platform.crypto.SealedColumn;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.lang.JoseException;

/**
 * Encrypts key pairs for the column of a feature's table, in transactions of
 * {@link TenantId#PLATFORM}, whose data key does it. Both halves come out of the encrypted text, so a row that somebody
 * else put there is no key of ours.
 */
@ApplicationScoped
public class Es256Keys {
    private final SecretVault vault;

    /** Made by hand in tests. */
    public Es256Keys(SecretVault vault) {
        this.vault = vault;
    }

    /** Lets only one replica at a time make a key; the number says which kind. */
    public void lock(Handle handle, long kind) {
        handle.createQuery("select pg_advisory_xact_lock(:lock) is null")
                .bind("lock", kind)
                .mapTo(Boolean.class)
                .one();
    }

    /** The pair as its row in that column holds it; the row's id is that of the pair. */
    public byte[] seal(Handle handle, SealedColumn column, EllipticCurveJsonWebKey pair) {
        byte[] whole = pair.toJson(OutputControlLevel.INCLUDE_PRIVATE).getBytes(StandardCharsets.UTF_8);
        return vault.encrypt(handle, TenantId.PLATFORM, column, UUID.fromString(pair.getKeyId()), whole);
    }

    /** The pair of a row of that column. */
    public EllipticCurveJsonWebKey open(Handle handle, SealedColumn column, UUID id, byte[] sealed) {
        byte[] whole = vault.decrypt(handle, TenantId.PLATFORM, column, id, sealed);
        try {
            return (EllipticCurveJsonWebKey) JsonWebKey.Factory.newJwk(new String(whole, StandardCharsets.UTF_8));
        } catch (JoseException malformed) {
            throw new IllegalStateException("key " + id + " of " + column + " cannot be read", malformed);
        }
    }
}
