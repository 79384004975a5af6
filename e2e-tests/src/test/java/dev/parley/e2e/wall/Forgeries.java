package dev.parley.e2e.wall;

import static dev.parley.e2e.wall.Issuer.encode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Every form of a token that looks like one of an issuer and is not. */
final class Forgeries {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EVIL = "http://127.0.0.1:9/evil";

    private final Issuer issuer;
    private final String header;
    private final String claims;
    private final KeyPair own;
    private final Map<String, String> forged = new LinkedHashMap<>();
    private final Map<String, String> stricter = new LinkedHashMap<>();

    Forgeries(Issuer issuer) {
        this.issuer = issuer;
        this.header = issuer.header();
        this.claims = issuer.claims();
        this.own = ownKeys(issuer.algorithm());
        algorithms();
        keys();
        criticalHeaders();
        claims();
        signatures();
        encodings();
    }

    /** Tokens that are invalid or malformed by the standards, so that any library refuses them. */
    Map<String, String> forged() {
        return forged;
    }

    /** Tokens that a library may take, and we do not: our issuers never write such a thing. */
    Map<String, String> stricter() {
        return stricter;
    }

    /** Other ways to write a valid token: no forgeries, so they must be taken. */
    Map<String, String> genuine() {
        Map<String, String> genuine = new LinkedHashMap<>();
        genuine.put("as it came", issuer.token());
        genuine.put("signed again", issuer.sign(header, claims));
        genuine.put("a claim more", issuer.sign(header, claims(c -> c.put("more", "of it"))));
        genuine.put("an audience more", issuer.sign(header, claims(c -> {
            var audience = c.path("aud");
            var more = c.putArray("aud").add("somebody-else");
            if (audience.isArray()) {
                audience.forEach(more::add);
            } else {
                more.add(audience);
            }
        })));
        return genuine;
    }

    private void algorithms() {
        for (String none : new String[] {"none", "None", "NONE", "nOnE"}) {
            forged.put("alg " + none, encode(header(h -> h.put("alg", none))) + "." + encode(claims) + ".");
            forged.put("alg " + none + " with a signature", swapped(header(h -> h.put("alg", none)), claims));
        }
        forged.put("no alg", signed(h -> h.remove("alg")));
        forged.put("alg null", signed(h -> h.putNull("alg")));
        forged.put("alg as number", signed(h -> h.put("alg", 256)));
        forged.put("alg in a list", signed(h -> h.putArray("alg").add(issuer.algorithm())));
        forged.put(
                "alg in lower case", signed(h -> h.put("alg", issuer.algorithm().toLowerCase(java.util.Locale.ROOT))));
        forged.put("alg twice", issuer.sign(header.replaceFirst("\\{", "{\"alg\":\"none\","), claims));
        byte[] der = issuer.publicKey().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END PUBLIC KEY-----";
        Map<String, byte[]> publicBytes = new LinkedHashMap<>();
        publicBytes.put("PEM", (pem + "\n").getBytes(StandardCharsets.US_ASCII));
        publicBytes.put("PEM without its last newline", pem.getBytes(StandardCharsets.US_ASCII));
        publicBytes.put("DER", der);
        publicBytes.put("JWK", issuer.jwks().at("/keys/0").toString().getBytes(StandardCharsets.UTF_8));
        publicBytes.put("JWKS", issuer.jwks().toString().getBytes(StandardCharsets.UTF_8));
        publicBytes.put("nothing", new byte[0]);
        publicBytes.forEach((what, secret) -> {
            forged.put(
                    "HS256 with the public key as " + what,
                    Issuer.hash(header(h -> h.put("alg", "HS256")), claims, "HmacSHA256", secret));
        });
        forged.put(
                "HS384 with the public key",
                Issuer.hash(header(h -> h.put("alg", "HS384")), claims, "HmacSHA384", der));
        forged.put(
                "HS512 with the public key",
                Issuer.hash(header(h -> h.put("alg", "HS512")), claims, "HmacSHA512", der));
        for (String other : issuer.algorithm().startsWith("RS")
                ? new String[] {"RS384", "RS512", "PS256"}
                : new String[] {"ES384", "ES512"}) {
            forged.put(
                    "true key, but " + other,
                    Issuer.sign(header(h -> h.put("alg", other)), claims, other, issuer.key()));
        }
        for (String other : new String[] {"RS256", "ES256", "ES256K", "EdDSA", "PS512", "A128KW", "dir", "", "*"}) {
            if (!other.equals(issuer.algorithm())) {
                forged.put("header says alg '" + other + "'", signed(h -> h.put("alg", other)));
            }
        }
    }

    private void keys() {
        String ownJwk = ownJwk();
        forged.put("own key under our key id", Issuer.sign(header, claims, issuer.algorithm(), own.getPrivate()));
        for (String name : new String[] {"jku", "x5u"}) {
            forged.put(name + " to own keys", ownSigned(h -> h.put(name, EVIL)));
            stricter.put(name + " with the true signature", signed(h -> h.put(name, EVIL)));
        }
        forged.put("jwk of the forger", ownSigned(h -> h.set("jwk", json(ownJwk))));
        forged.put("jwk of the forger without kid", ownSigned(h -> {
            h.remove("kid");
            h.set("jwk", json(ownJwk));
        }));
        stricter.put("jwk with the true signature", signed(h -> h.set("jwk", json(ownJwk))));
        forged.put("x5c of the forger", ownSigned(h -> h.putArray("x5c").add(certificate())));
        forged.put("x5t of the forger", ownSigned(h -> h.put("x5t", encode(new byte[20]))));
        for (String kid : new String[] {
            "../../../../dev/null",
            "/dev/null",
            "' or '1'='1",
            "'; drop table signing_key; --",
            "",
            "*",
            "%00",
            "null",
            "0",
            "file:///etc/passwd",
            "|id",
            "kid\u0000"
        }) {
            forged.put("kid " + kid.replace("\u0000", "\\0"), ownSigned(h -> h.put("kid", kid)));
        }
        forged.put(
                "kid /dev/null and an empty HMAC key",
                Issuer.hash(
                        header(h -> h.put("alg", "HS256").put("kid", "../../../../dev/null")),
                        claims,
                        "HmacSHA256",
                        new byte[0]));
        forged.put("kid of nobody", signed(h -> h.put("kid", "01900000-0000-7000-8000-000000000000")));
        forged.put("kid as number", signed(h -> h.put("kid", 1)));
        forged.put(
                "kid in a list", signed(h -> h.putArray("kid").add(h.path("kid").asText())));
        stricter.put("no kid", signed(h -> h.remove("kid")));
    }

    private void criticalHeaders() {
        forged.put(
                "crit of something unknown",
                signed(h -> h.put("x", 1).putArray("crit").add("x")));
        forged.put("crit of a missing member", signed(h -> h.putArray("crit").add("nowhere")));
        stricter.put("crit empty", signed(h -> h.putArray("crit")));
        stricter.put("crit of exp", signed(h -> h.put("exp", 1).putArray("crit").add("exp")));
        stricter.put("crit as text", signed(h -> h.put("crit", "exp")));
        forged.put(
                "b64 false, critical",
                signed(h -> h.put("b64", false).putArray("crit").add("b64")));
        stricter.put("b64 false", signed(h -> h.put("b64", false)));
        stricter.put("zip", signed(h -> h.put("zip", "DEF")));
        stricter.put("cty", signed(h -> h.put("cty", "JWT")));
        stricter.put("a header member more", signed(h -> h.put("tenant_id", "x")));
        forged.put("other typ", signed(h -> h.put("typ", "at+jwt")));
        forged.put("typ as number", signed(h -> h.put("typ", 1)));
        stricter.put("no typ", signed(h -> h.remove("typ")));
        forged.put("header is a list", issuer.sign("[" + header + "]", claims));
        forged.put("header is text", issuer.sign("\"" + issuer.algorithm() + "\"", claims));
        forged.put("header is empty", issuer.sign("{}", claims));
        forged.put("header is no JSON", issuer.sign("{alg:" + issuer.algorithm(), claims));
    }

    private void claims() {
        long now = Instant.now().getEpochSecond();
        for (String name : new String[] {"iss", "aud", "exp", "sub"}) {
            forged.put("no " + name, changed(c -> c.remove(name)));
            stricter.put(name + " null", changed(c -> c.putNull(name)));
        }
        stricter.put("no iat", changed(c -> c.remove("iat")));
        forged.put("other issuer", changed(c -> c.put("iss", EVIL)));
        forged.put(
                "issuer with a slash more",
                changed(c -> c.put("iss", c.path("iss").asText() + "/")));
        forged.put(
                "issuer in capitals",
                changed(c -> c.put("iss", c.path("iss").asText().toUpperCase(java.util.Locale.ROOT))));
        forged.put(
                "issuer of the other realm",
                changed(c -> c.put("iss", c.path("iss").asText().replace("/parley", "/master") + "x")));
        forged.put("issuer in a list", changed(c -> c.putArray("iss")
                .add(c.path("iss").asText())));
        forged.put("other audience", changed(c -> c.put("aud", "account")));
        forged.put("audience almost ours", changed(c -> c.put("aud", "parley-")));
        forged.put("audience in no list", changed(c -> c.putArray("aud")));
        forged.put(
                "audiences of others",
                changed(c -> c.putArray("aud").add("account").add("broker")));
        forged.put("audience as number", changed(c -> c.put("aud", 1)));
        forged.put("audience as object", changed(c -> c.putObject("aud").put("parley", true)));
        forged.put("expired", changed(c -> c.put("exp", now - 120)));
        forged.put("exp 0", changed(c -> c.put("exp", 0)));
        forged.put("exp negative", changed(c -> c.put("exp", -1)));
        forged.put("exp as text", changed(c -> c.put("exp", "tomorrow")));
        forged.put("exp as number in text", changed(c -> c.put("exp", Long.toString(now + 300))));
        forged.put("exp in a list", changed(c -> c.putArray("exp").add(now + 300)));
        forged.put("exp true", changed(c -> c.put("exp", true)));
        forged.put("exp float of the past", changed(c -> c.put("exp", now - 120.5)));
        forged.put("exp NaN", issuer.sign(header, raw("exp", "NaN")));
        forged.put("exp Infinity", issuer.sign(header, raw("exp", "Infinity")));
        stricter.put("exp huge", issuer.sign(header, raw("exp", "1e400")));
        stricter.put("exp of 30 digits", issuer.sign(header, raw("exp", "9".repeat(30))));
        forged.put("nbf in the future", changed(c -> c.put("nbf", now + 600)));
        forged.put("nbf as text", changed(c -> c.put("nbf", "never")));
        stricter.put("iat in the future", changed(c -> c.put("iat", now + 600)));
        stricter.put("iat as text", changed(c -> c.put("iat", "never")));
        stricter.put("sub empty", changed(c -> c.put("sub", "")));
        stricter.put("sub as number", changed(c -> c.put("sub", 1)));
        forged.put("exp twice, the true one last", issuer.sign(header, twice("exp", Long.toString(now - 120), true)));
        forged.put("exp twice, the true one first", issuer.sign(header, twice("exp", Long.toString(now - 120), false)));
        forged.put("iss twice", issuer.sign(header, twice("iss", "\"" + EVIL + "\"", true)));
        forged.put("sub twice", issuer.sign(header, twice("sub", "\"01900000-0000-7000-8000-000000000000\"", true)));
        forged.put("claims are a list", issuer.sign(header, "[" + claims + "]"));
        forged.put("claims are text", issuer.sign(header, "\"all\""));
        forged.put("claims are empty", issuer.sign(header, "{}"));
        forged.put("claims are no JSON", issuer.sign(header, claims.substring(0, claims.length() - 1)));
        forged.put("claims followed by something", issuer.sign(header, claims + "x"));
        forged.put(
                "claims ten thousand levels deep",
                issuer.sign(header, "{\"a\":" + "[".repeat(2_000) + "]".repeat(2_000) + "}"));
    }

    private void signatures() {
        String input = input(issuer.token());
        byte[] signature = Issuer.signature(input, issuer.algorithm(), issuer.key());
        put("no signature", input, new byte[0]);
        put("all zero", input, new byte[signature.length]);
        put("all ones", input, filled(signature.length, 0xff));
        put("cut", input, Arrays.copyOf(signature, signature.length - 1));
        put("half", input, Arrays.copyOf(signature, signature.length / 2));
        put("a byte more", input, Arrays.copyOf(signature, signature.length + 1));
        put("twice", input, concatenated(signature, signature));
        byte[] flipped = signature.clone();
        flipped[signature.length / 2] ^= 1;
        put("a bit flipped", input, flipped);
        forged.put(
                "of another token",
                encode(header) + "." + encode(claims(c -> c.put("jti", "other"))) + "." + encode(signature));
        forged.put("claims raised after signing", swapped(header, claims.replace("member", "owner") + " "));
        if (issuer.publicKey() instanceof ECPublicKey ec) {
            BigInteger order = ec.getParams().getOrder();
            byte[] r = Arrays.copyOf(signature, 32);
            put("ECDSA r 0", input, concatenated(new byte[32], Arrays.copyOfRange(signature, 32, 64)));
            put("ECDSA s 0", input, concatenated(r, new byte[32]));
            put("ECDSA r and s of the order", input, concatenated(fixed(order), fixed(order)));
            put(
                    "ECDSA s above the order",
                    input,
                    concatenated(r, fixed(new BigInteger(1, Arrays.copyOfRange(signature, 32, 64)).or(order))));
            put("ECDSA in DER", input, der(signature));
        }
    }

    private void encodings() {
        String token = issuer.token();
        String[] parts = token.split("\\.");
        stricter.put("padded", parts[0] + "=." + parts[1] + "==." + parts[2] + "==");
        stricter.put("a space inside", parts[0] + ". " + parts[1] + "." + parts[2]);
        stricter.put("a tab inside", parts[0] + ".\t" + parts[1] + "." + parts[2]);
        forged.put("a dot more at the end", token + ".");
        forged.put("a dot at the beginning", "." + token);
        forged.put("two parts", parts[0] + "." + parts[1]);
        forged.put("one part", parts[0]);
        forged.put("four parts", token + "." + parts[2]);
        forged.put("five parts", token + "." + parts[0] + "." + parts[1]);
        forged.put("no header", "." + parts[1] + "." + parts[2]);
        forged.put("no claims", parts[0] + ".." + parts[2]);
        forged.put("dots only", "..");
        forged.put("text", "letmein");
        forged.put("null", "null");
        forged.put(
                "as JSON",
                "{\"protected\":\"" + parts[0] + "\",\"payload\":\"" + parts[1] + "\",\"signature\":\"" + parts[2]
                        + "\"}");
        forged.put("standard alphabet", parts[0] + "+/." + parts[1] + "." + parts[2]);
        forged.put("JWE that unpacks to 100 MB", bomb());
        forged.put(
                "7 KB of claims, signature of another",
                encode(header) + "." + encode(claims(c -> c.put("a", "a".repeat(4_500)))) + "." + parts[2]);
    }

    private void put(String what, String input, byte[] signature) {
        forged.put("signature: " + what, input + "." + encode(signature));
    }

    private String signed(Consumer<ObjectNode> change) {
        return issuer.sign(header(change), claims);
    }

    private String ownSigned(Consumer<ObjectNode> change) {
        return Issuer.sign(header(change), claims, issuer.algorithm(), own.getPrivate());
    }

    private String changed(Consumer<ObjectNode> change) {
        return issuer.sign(header, claims(change));
    }

    /** Other texts under the true token's signature. */
    private String swapped(String otherHeader, String otherClaims) {
        String token = issuer.token();
        return encode(otherHeader) + "." + encode(otherClaims) + token.substring(token.lastIndexOf('.'));
    }

    private String header(Consumer<ObjectNode> change) {
        return with(header, change);
    }

    private String claims(Consumer<ObjectNode> change) {
        return with(claims, change);
    }

    private static String with(String text, Consumer<ObjectNode> change) {
        ObjectNode object = (ObjectNode) json(text);
        change.accept(object);
        return object.toString();
    }

    private String raw(String name, String value) {
        return claims(c -> c.remove(name)).replaceFirst("\\{", "{\"" + name + "\":" + value + ",");
    }

    private String twice(String name, String wrong, boolean trueOneLast) {
        String member = "\"" + name + "\":" + wrong;
        return trueOneLast
                ? claims.replaceFirst("\\{", "{" + member + ",")
                : claims.substring(0, claims.length() - 1) + "," + member + "}";
    }

    private static com.fasterxml.jackson.databind.JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KeyPair ownKeys(String algorithm) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm.startsWith("RS") ? "RSA" : "EC");
            generator.initialize(algorithm.startsWith("RS") ? 2048 : 256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String ownJwk() {
        try {
            var jwk = org.jose4j.jwk.PublicJsonWebKey.Factory.newPublicJwk(own.getPublic());
            jwk.setKeyId(json(header).path("kid").asText());
            return jwk.toJson();
        } catch (org.jose4j.lang.JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** No certificate at all, but who looks into it has lost already. */
    private String certificate() {
        return Base64.getEncoder().encodeToString(own.getPublic().getEncoded());
    }

    private static String input(String token) {
        return token.substring(0, token.lastIndexOf('.'));
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static byte[] concatenated(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static byte[] fixed(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] fixed = new byte[32];
        int length = Math.min(bytes.length, 32);
        System.arraycopy(bytes, bytes.length - length, fixed, 32 - length, length);
        return fixed;
    }

    private static byte[] der(byte[] raw) {
        byte[] r = new BigInteger(1, Arrays.copyOf(raw, 32)).toByteArray();
        byte[] s = new BigInteger(1, Arrays.copyOfRange(raw, 32, 64)).toByteArray();
        var out = new ByteArrayOutputStream();
        out.write(0x30);
        out.write(4 + r.length + s.length);
        out.write(2);
        out.write(r.length);
        out.writeBytes(r);
        out.write(2);
        out.write(s.length);
        out.writeBytes(s);
        return out.toByteArray();
    }

    private static String bomb() {
        var packed = new ByteArrayOutputStream();
        try (var deflater = new DeflaterOutputStream(packed, new Deflater(9, true))) {
            byte[] zeros = new byte[1_000_000];
            for (int i = 0; i < 5; i++) {
                deflater.write(zeros);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] content = Arrays.copyOf(packed.toByteArray(), 4_000);
        return encode("{\"alg\":\"dir\",\"enc\":\"A128GCM\",\"zip\":\"DEF\"}") + ".." + encode(new byte[12]) + "."
                + encode(content) + "." + encode(new byte[16]);
    }
}
