package dev.parley.auth.erasure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.auth.signature.Es256;
import dev.parley.auth.signature.Es256Keys;
import dev.parley.platform.crypto.SealedColumn;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jose4j.jwk.EllipticCurveJsonWebKey;

/** Signs certificates with a key that is never deleted, so that they can be verified for good. */
@ApplicationScoped
class CertificateKeys {
    private static final String TYPE = "parley-erasure+jwt";

    @Produces
    static final SealedColumn PRIVATE_KEY = SealedColumn.ofPlatform("erasure_key", "private_key");

    private static final long MAKING_LOCK = 7_013_010;

    private final Es256Keys pairs;
    private final ObjectMapper mapper;

    CertificateKeys(Es256Keys pairs, ObjectMapper mapper) {
        this.pairs = pairs;
        this.mapper = mapper;
    }

    /** Signs claims, in a transaction of the platform. */
    String sign(Handle handle, JsonNode claims) {
        return Es256.sign(key(handle), TYPE, claims.toString());
    }

    /** The public keys, in a transaction of the platform. */
    JsonNode published(Handle handle) {
        try {
            return mapper.readTree(Es256.published(all(handle)));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a JWK set that is no JSON", impossible);
        }
    }

    private EllipticCurveJsonWebKey key(Handle handle) {
        pairs.lock(handle, MAKING_LOCK);
        List<EllipticCurveJsonWebKey> known = all(handle);
        return known.isEmpty() ? make(handle) : known.getLast();
    }

    private EllipticCurveJsonWebKey make(Handle handle) {
        EllipticCurveJsonWebKey pair = Es256.generate();
        handle.createUpdate("insert into app.erasure_key (id, private_key) values (:id, :key)")
                .bind("id", UUID.fromString(pair.getKeyId()))
                .bind("key", pairs.seal(handle, PRIVATE_KEY, pair))
                .execute();
        return pair;
    }

    private List<EllipticCurveJsonWebKey> all(Handle handle) {
        return handle.createQuery("select id, private_key from app.erasure_key order by id")
                .map((row, context) ->
                        pairs.open(handle, PRIVATE_KEY, row.getObject("id", UUID.class), row.getBytes("private_key")))
                .list();
    }
}
