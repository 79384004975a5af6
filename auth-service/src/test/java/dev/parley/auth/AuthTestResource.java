package dev.parley.auth;

import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.SmtpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Map;

/** As {@link ParleyTestResource}, with a Keycloak and a policy-service to talk to, and contexts signed by the service itself. */
public final class AuthTestResource extends ParleyTestResource {
    private FakeKeycloak keycloak;

    @Override
    public Map<String, String> start() {
        keycloak = new FakeKeycloak();
        Map<String, String> settings = super.start();
        int port = freePort();
        settings.put("quarkus.http.test-port", String.valueOf(port));
        settings.put("PARLEY_AUTH_URL", "http://127.0.0.1:" + port);
        settings.put("PARLEY_POLICY_URL", keycloak.url());
        settings.put("PARLEY_KEYCLOAK_URL", keycloak.url());
        settings.put("PARLEY_KEYCLOAK_CLIENT_SECRET", "web-secret");
        settings.put("PARLEY_KEYCLOAK_ADMIN_CLIENT_SECRET", "admin-secret");
        settings.put("PARLEY_SERVICE_SECRETS", "gateway=gateway-secret,policy-service=policy-secret");
        settings.put("PARLEY_SMTP_HOST", "127.0.0.1");
        settings.put("PARLEY_SMTP_PORT", String.valueOf(SmtpServer.shared().port()));
        settings.put("PARLEY_SMTP_TLS", "none");
        settings.put("PARLEY_APPLE_CLIENT_ID", "com.example.parley");
        settings.put("PARLEY_APPLE_TEAM_ID", "DEF123GHIJ");
        settings.put("PARLEY_APPLE_KEY_ID", "ABC123DEFG");
        settings.put("PARLEY_APPLE_PRIVATE_KEY", appleKey());
        settings.put("parley.service.silence", "1s");
        // Fifty at once wait for one row here, however slow the machine is.
        settings.put("quarkus.datasource.jdbc.acquisition-timeout", "60S");
        settings.put("quarkus.datasource.relay.jdbc.acquisition-timeout", "60S");
        settings.put("quarkus.datasource.jdbc.additional-jdbc-properties.socketTimeout", "120");
        settings.put(
                "quarkus.datasource.jdbc.additional-jdbc-properties.options",
                "-c statement_timeout=60s -c lock_timeout=40s -c idle_in_transaction_session_timeout=60s");
        settings.put("auth.export.services", "auth-service");
        settings.put("auth.erasure.services", "auth-service");
        settings.put("quarkus.scheduler.enabled", "false");
        return settings;
    }

    @Override
    public void stop() {
        keycloak.stop();
        super.stop();
    }

    private static String appleKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
            Path file = Files.createTempFile("apple", ".p8");
            file.toFile().deleteOnExit();
            Files.writeString(
                    file,
                    "-----BEGIN PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(key)
                            + "\n-----END PRIVATE KEY-----\n");
            return file.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
