package dev.parley.channel.adapter.fcm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;

/**
 * The key file of a service account, as Firebase's console gives it.
 *
 * @param keyId which of the account's keys it is
 */
record ServiceAccount(String projectId, String clientEmail, String keyId, String pem, PrivateKey key) {
    private static final int LONGEST = 16 * 1024;
    private static final int LEAST_BITS = 2048;
    private static final int MOST_BITS = 4096;
    private static final String KIND = "service_account";
    private static final Pattern PROJECT = Pattern.compile("[a-z][a-z0-9-]{4,28}[a-z0-9]");
    private static final Pattern EMAIL = Pattern.compile("[A-Za-z0-9._+-]{1,100}@[A-Za-z0-9.-]{1,150}");
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9]{1,100}");
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]{1,8000})-----END PRIVATE KEY-----\\s*");

    /**
     * Reads a key file.
     *
     * @throws IllegalArgumentException when it is none; the message says what it must be
     */
    static ServiceAccount read(String text, ObjectMapper json) {
        JsonNode file = tree(text, json);
        if (!KIND.equals(file.path("type").asText())) {
            throw new IllegalArgumentException("must be the key file of a service account, with type " + KIND);
        }
        String pem = file.path("private_key").asText();
        return new ServiceAccount(
                member(file, "project_id", PROJECT),
                member(file, "client_email", EMAIL),
                member(file, "private_key_id", KEY_ID),
                pem,
                key(pem));
    }

    private static JsonNode tree(String text, ObjectMapper json) {
        try {
            JsonNode tree = text.length() > LONGEST ? null : json.readTree(text);
            if (tree != null && tree.isObject()) {
                return tree;
            }
        } catch (JsonProcessingException malformed) {
            // As anything else that is no object; what is wrong with it could show the key.
        }
        throw new IllegalArgumentException("must be the whole key file of a service account, as JSON");
    }

    private static String member(JsonNode file, String name, Pattern form) {
        String value = file.path(name).asText();
        if (!form.matcher(value).matches()) {
            throw new IllegalArgumentException("has no " + name + " as Google writes it");
        }
        return value;
    }

    private static PrivateKey key(String pem) {
        var form = PEM.matcher(pem);
        try {
            if (form.matches()
                    && KeyFactory.getInstance("RSA")
                                    .generatePrivate(new PKCS8EncodedKeySpec(
                                            Base64.getMimeDecoder().decode(form.group(1))))
                            instanceof RSAPrivateCrtKey key
                    && isOfSize(key)) {
                return key;
            }
        } catch (GeneralSecurityException | IllegalArgumentException malformed) {
            // As anything else that is no key.
        }
        throw new IllegalArgumentException(
                "has no private_key of RSA with " + LEAST_BITS + " to " + MOST_BITS + " bits");
    }

    /** Whether it signs in the time that keys take: without primes, or with longer parts, it would take far more. */
    private static boolean isOfSize(RSAPrivateCrtKey key) {
        BigInteger modulus = key.getModulus();
        int bits = modulus.bitLength();
        return bits >= LEAST_BITS
                && bits <= MOST_BITS
                && Stream.of(
                                key.getPrimeP(),
                                key.getPrimeQ(),
                                key.getPublicExponent(),
                                key.getPrimeExponentP(),
                                key.getPrimeExponentQ(),
                                key.getCrtCoefficient())
                        .allMatch(part -> part.signum() > 0 && part.bitLength() <= bits)
                && key.getPrimeP().multiply(key.getPrimeQ()).equals(modulus);
    }

    /** What of the file is kept: no address that somebody might call, and nothing that is not needed. */
    String kept(ObjectMapper json) {
        return json.createObjectNode()
                .put("type", KIND)
                .put("project_id", projectId)
                .put("client_email", clientEmail)
                .put("private_key_id", keyId)
                .put("private_key", pem)
                .toString();
    }

    /** The assertion by which Google gives an access token (RFC 7523). */
    String assertion(String audience, String scope, long now, long seconds) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(clientEmail);
        claims.setStringClaim("scope", scope);
        claims.setAudience(audience);
        claims.setIssuedAt(NumericDate.fromSeconds(now));
        claims.setExpirationTime(NumericDate.fromSeconds(now + seconds));
        JsonWebSignature signed = new JsonWebSignature();
        signed.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
        signed.setHeader("typ", "JWT");
        signed.setKeyIdHeaderValue(keyId);
        signed.setPayload(claims.toJson());
        signed.setKey(key);
        try {
            return signed.getCompactSerialization();
        } catch (JoseException impossible) {
            throw new IllegalStateException("every Java signs with RSA", impossible);
        }
    }

    @Override
    public String toString() {
        return "ServiceAccount[" + projectId + "]";
    }
}
