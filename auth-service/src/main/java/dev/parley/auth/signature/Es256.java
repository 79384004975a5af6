package dev.parley.auth.signature;

import dev.parley.platform.id.Ids;
import java.util.List;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.Use;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** Signatures by ECDSA over P-256 with SHA-256, the only ones that Parley makes. */
public final class Es256 {
    private Es256() {}

    /** A new pair, whose id is a UUID that sorts by time. */
    public static EllipticCurveJsonWebKey generate() {
        try {
            EllipticCurveJsonWebKey pair = EcJwkGenerator.generateJwk(EllipticCurves.P256);
            pair.setKeyId(Ids.next().toString());
            pair.setUse(Use.SIGNATURE);
            pair.setAlgorithm(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
            return pair;
        } catch (JoseException impossible) {
            throw new IllegalStateException("this JDK has no P-256", impossible);
        }
    }

    /** The payload as a compact JWS, whose header has the algorithm, that type and the id of the key. */
    public static String sign(EllipticCurveJsonWebKey pair, String type, String payload) {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
        signature.setHeader("typ", type);
        signature.setKeyIdHeaderValue(pair.getKeyId());
        signature.setKey(pair.getPrivateKey());
        signature.setPayload(payload);
        try {
            return signature.getCompactSerialization();
        } catch (JoseException failed) {
            throw new IllegalStateException(type + " cannot be signed", failed);
        }
    }

    /** The public halves, as a JWK set. */
    public static String published(List<EllipticCurveJsonWebKey> pairs) {
        JsonWebKeySet set = new JsonWebKeySet();
        pairs.forEach(set::addJsonWebKey);
        return set.toJson(OutputControlLevel.PUBLIC_ONLY);
    }
}
