package dev.parley.channel.adapter.fcm;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Key files as Firebase's console gives them. */
public final class KeyFiles {
    private static final ObjectMapper JSON = new ObjectMapper();

    private KeyFiles() {}

    /** A key of that many bits. */
    public static KeyPair pair(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The file of that key in a project; its address of tokens is somebody else's. */
    public static ObjectNode file(String project, KeyPair pair) {
        return JSON.createObjectNode()
                .put("type", "service_account")
                .put("project_id", project)
                .put("private_key_id", "0123456789abcdef")
                .put(
                        "private_key",
                        "-----BEGIN PRIVATE KEY-----\n"
                                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                        .encodeToString(pair.getPrivate().getEncoded())
                                + "\n-----END PRIVATE KEY-----\n")
                .put("client_email", "firebase-adminsdk@" + project + ".iam.gserviceaccount.com")
                .put("client_id", "100000000000000000001")
                .put("token_uri", "http://169.254.169.254/token");
    }
}
