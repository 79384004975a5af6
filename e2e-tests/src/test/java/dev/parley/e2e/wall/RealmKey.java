package dev.parley.e2e.wall;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Checker;
import dev.parley.e2e.support.Stack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.Base64;

/**
 * Keycloak's own signing key, read from its database: a token made with it is wrong in nothing but what a test
 * changed.
 */
final class RealmKey {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final RSAPrivateCrtKey KEY = read("parley");

    private RealmKey() {}

    /** The same caller with a token that ended an hour ago. */
    static Api expired(Api caller) {
        String token = caller.token();
        ObjectNode claims = (ObjectNode) claims(token);
        long past = Instant.now().getEpochSecond() - 3600;
        claims.put("exp", past).put("iat", past - 900).put("auth_time", past - 900);
        return Api.bearer(sign(header(token), claims));
    }

    /** The realm's private key. */
    static RSAPrivateCrtKey key() {
        return KEY;
    }

    /** The realm's public key. */
    static RSAPublicKey publicKey() {
        try {
            return (RSAPublicKey) KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(KEY.getModulus(), KEY.getPublicExponent()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonNode header(String token) {
        return part(token, 0);
    }

    static JsonNode claims(String token) {
        return part(token, 1);
    }

    /** A token as Keycloak would make it. */
    static String sign(JsonNode header, JsonNode claims) {
        return sign(header.toString(), claims.toString(), KEY);
    }

    /** A token over these very texts. */
    static String sign(String header, String claims, PrivateKey key) {
        String input =
                encode(header.getBytes(StandardCharsets.UTF_8)) + "." + encode(claims.getBytes(StandardCharsets.UTF_8));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + encode(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static JsonNode part(String token, int index) {
        try {
            return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.")[index]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The private key of a realm's RS256 keys. */
    static RSAPrivateCrtKey read(String realm) {
        String stored = new Checker().column("keycloak", """
                        select v.value from component c
                          join component_config v on v.component_id = c.id and v.name = 'privateKey'
                          join realm r on r.id = c.realm_id
                         where c.provider_id = 'rsa-generated' and r.name = '%s'
                        """.formatted(realm)).getFirst();
        try {
            byte[] der = Base64.getMimeDecoder().decode(stored.replaceAll("-----[A-Z ]+-----", ""));
            return (RSAPrivateCrtKey)
                    KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8(der)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "the key of " + realm + " at " + Stack.running().keycloakUrl(), e);
        }
    }

    /** Keycloak stores PKCS#1: wraps it as the JDK wants it. */
    private static byte[] pkcs8(byte[] der) {
        boolean wrapped = der[7] == 0x30;
        byte[] version = {2, 1, 0};
        byte[] algorithm = Base64.getDecoder().decode("MA0GCSqGSIb3DQEBAQUA");
        return wrapped ? der : tagged(0x30, version, algorithm, tagged(4, der));
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        var all = java.nio.ByteBuffer.allocate(length + 4);
        all.put((byte) tag).put((byte) 0x82).putShort((short) length);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }
}
