package dev.parley.auth.apple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;

/** The client secret that Apple asks for: a JWT signed by Parley's own key. */
record AppleClientSecret(String teamId, String keyId, String clientId, PrivateKey key) {
    private static final String APPLE = "https://appleid.apple.com";

    /**
     * Reads a key file of Apple's.
     *
     * @throws IllegalStateException naming the setting at fault
     */
    static PrivateKey read(Path file) {
        try {
            String body =
                    Files.readString(file).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
            return KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
        } catch (IOException | InvalidKeySpecException | IllegalArgumentException unreadable) {
            throw new IllegalStateException("PARLEY_APPLE_PRIVATE_KEY names no key of Apple's: " + file, unreadable);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has elliptic curves", impossible);
        }
    }

    String sign(Instant issuedAt, Instant expiresAt) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(teamId);
        claims.setSubject(clientId);
        claims.setAudience(APPLE);
        claims.setIssuedAt(NumericDate.fromSeconds(issuedAt.getEpochSecond()));
        claims.setExpirationTime(NumericDate.fromSeconds(expiresAt.getEpochSecond()));
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
        signature.setKeyIdHeaderValue(keyId);
        signature.setKey(key);
        signature.setPayload(claims.toJson());
        try {
            return signature.getCompactSerialization();
        } catch (JoseException failed) {
            throw new IllegalStateException("Apple's client secret cannot be signed", failed);
        }
    }

    @Override
    public String toString() {
        return "AppleClientSecret[clientId=" + clientId + "]";
    }
}
