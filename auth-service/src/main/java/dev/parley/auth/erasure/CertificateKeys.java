package dev.parley.auth.erasure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** Signs certificates with a key that is never deleted, so that they can be verified for good. */
@ApplicationScoped
class CertificateKeys {
    private static final String TYPE = "parley-erasure+jwt";
    private static final long MAKING_LOCK = 7_013_010;

    private final SecretVault vault;
    private final ObjectMapper mapper;

    CertificateKeys(SecretVault vault, ObjectMapper mapper) {
        this.vault = vault;
        this.mapper = mapper;
    }

    /** Signs claims, in a transaction of the platform. */
    String sign(Handle handle, JsonNode claims) {
        EllipticCurveJsonWebKey key = key(handle);
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
        signature.setHeader("typ", TYPE);
        signature.setKeyIdHeaderValue(key.getKeyId());
        signature.setKey(key.getPrivateKey());
        signature.setPayload(claims.toString());
        try {
            return signature.getCompactSerialization();
        } catch (JoseException failed) {
            throw new IllegalStateException("a certificate cannot be signed", failed);
        }
    }

    /** The public keys, in a transaction of the platform. */
    JsonNode published(Handle handle) {
        JsonWebKeySet set = new JsonWebKeySet();
        all(handle).forEach(set::addJsonWebKey);
        try {
            return mapper.readTree(set.toJson(OutputControlLevel.PUBLIC_ONLY));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a JWK set that is no JSON", impossible);
        }
    }

    private EllipticCurveJsonWebKey key(Handle handle) {
        handle.createQuery("select pg_advisory_xact_lock(:lock) is null")
                .bind("lock", MAKING_LOCK)
                .mapTo(Boolean.class)
                .one();
        List<EllipticCurveJsonWebKey> known = all(handle);
        return known.isEmpty() ? make(handle) : known.getLast();
    }

    private EllipticCurveJsonWebKey make(Handle handle) {
        try {
            EllipticCurveJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
            UUID id = Ids.next();
            key.setKeyId(id.toString());
            key.setAlgorithm(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
            byte[] whole = key.toJson(OutputControlLevel.INCLUDE_PRIVATE).getBytes(StandardCharsets.UTF_8);
            handle.createUpdate("insert into app.erasure_key (id, private_key) values (:id, :key)")
                    .bind("id", id)
                    .bind("key", vault.encrypt(handle, TenantId.PLATFORM, "erasure_key", "private_key", id, whole))
                    .execute();
            return key;
        } catch (JoseException impossible) {
            throw new IllegalStateException("this JDK has no P-256", impossible);
        }
    }

    private List<EllipticCurveJsonWebKey> all(Handle handle) {
        return handle.createQuery("select id, private_key from app.erasure_key order by id")
                .map((row, context) -> {
                    UUID id = row.getObject("id", UUID.class);
                    byte[] whole = vault.decrypt(
                            handle, TenantId.PLATFORM, "erasure_key", "private_key", id, row.getBytes("private_key"));
                    try {
                        return (EllipticCurveJsonWebKey)
                                JsonWebKey.Factory.newJwk(new String(whole, StandardCharsets.UTF_8));
                    } catch (JoseException malformed) {
                        throw new IllegalStateException("erasure key " + id + " cannot be read", malformed);
                    }
                })
                .list();
    }
}
