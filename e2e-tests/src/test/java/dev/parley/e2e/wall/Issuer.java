package dev.parley.e2e.wall;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The true keys of an issuer of tokens, and a true token of it to start from: what is made with it is wrong in nothing
 * but what a test changed.
 *
 * @param algorithm how it signs: RS256 or ES256
 */
record Issuer(String algorithm, PrivateKey key, PublicKey publicKey, JsonNode jwks, String token) {
    private static final Map<String, String> JDK_NAMES = Map.of(
            "RS256", "SHA256withRSA",
            "RS384", "SHA384withRSA",
            "RS512", "SHA512withRSA",
            "PS256", "RSASSA-PSS",
            "ES256", "SHA256withECDSAinP1363Format",
            "ES384", "SHA384withECDSAinP1363Format",
            "ES512", "SHA512withECDSAinP1363Format");

    String header() {
        return part(0);
    }

    String claims() {
        return part(1);
    }

    /** A token over these very texts, signed as this issuer does. */
    String sign(String header, String claims) {
        return sign(header, claims, algorithm, key);
    }

    static String sign(String header, String claims, String algorithm, PrivateKey key) {
        String input = encode(header) + "." + encode(claims);
        return input + "." + encode(signature(input, algorithm, key));
    }

    static byte[] signature(String input, String algorithm, PrivateKey key) {
        try {
            Signature signature = Signature.getInstance(JDK_NAMES.get(algorithm));
            if (algorithm.equals("PS256")) {
                signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            }
            signature.initSign(key);
            signature.update(input.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A token with a keyed hash, whose key is whatever the forger knows. */
    static String hash(String header, String claims, String macName, byte[] secret) {
        try {
            Mac mac = Mac.getInstance(macName);
            mac.init(new SecretKeySpec(secret.length == 0 ? new byte[1] : secret, macName));
            String input = encode(header) + "." + encode(claims);
            return input + "." + encode(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String encode(String text) {
        return encode(text.getBytes(StandardCharsets.UTF_8));
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private String part(int index) {
        return new String(Base64.getUrlDecoder().decode(token.split("\\.")[index]), StandardCharsets.UTF_8);
    }
}
