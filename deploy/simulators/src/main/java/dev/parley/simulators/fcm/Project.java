package dev.parley.simulators.fcm;

import io.vertx.core.json.JsonObject;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A Firebase project: the latest key of its service account, its devices, and what was sent to them. */
final class Project {
    private static final int BITS = 2048;
    private static final int MOST = 1_000;

    /** What became of apps on devices, by token; those that nobody spoke of are well. */
    private final Map<String, String> devices = new HashMap<>();

    private final List<JsonObject> sent = new ArrayList<>();
    private final String id;
    private String keyId;
    private PublicKey key;

    Project(String id) {
        this.id = id;
    }

    String email() {
        return "firebase-adminsdk@" + id + ".iam.gserviceaccount.com";
    }

    /** Makes a new key, after which the one before is good for nothing, and returns its file. */
    JsonObject newKeyFile(String newKeyId, String tokenUri) {
        KeyPair pair;
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            pair = generator.generateKeyPair();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
        keyId = newKeyId;
        key = pair.getPublic();
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        return new JsonObject()
                .put("type", "service_account")
                .put("project_id", id)
                .put("private_key_id", keyId)
                .put("private_key", pem)
                .put("client_email", email())
                .put("client_id", "100000000000000000001")
                .put("auth_uri", "https://accounts.google.com/o/oauth2/auth")
                .put("token_uri", tokenUri)
                .put("universe_domain", "googleapis.com");
    }

    /** The key of that id, or null; the present one for clients that name none, as some of Google's do. */
    PublicKey key(String wanted) {
        return wanted == null || wanted.equals(keyId) ? key : null;
    }

    void device(String token, String state) {
        devices.put(token, state);
    }

    String device(String token) {
        return devices.getOrDefault(token, "well");
    }

    void took(JsonObject message) {
        sent.add(message);
        if (sent.size() > MOST) {
            sent.removeFirst();
        }
    }

    List<JsonObject> sent(String token) {
        return sent.stream()
                .filter(message -> token == null || token.equals(message.getString("token")))
                .toList();
    }
}
