package dev.parley.testing;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;

/**
 * What a service needs in its integration tests: {@code @QuarkusTestResource(ParleyTestResource.class)} gives it
 * PostgreSQL with its three roles, Kafka with the topics, an auth-service that signs test tokens and a master keyset.
 */
public class ParleyTestResource implements QuarkusTestResourceLifecycleManager {
    /** The database that the service under test uses. */
    public static final String DATABASE = "parley_test";

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = new HashMap<>();
        settings.put("PARLEY_DB_URL", PostgresServer.shared().url(DATABASE));
        settings.put("PARLEY_DB_APP_USER", PostgresServer.APP);
        settings.put("PARLEY_DB_APP_PASSWORD", PostgresServer.PASSWORD);
        settings.put("PARLEY_DB_RELAY_USER", PostgresServer.RELAY);
        settings.put("PARLEY_DB_RELAY_PASSWORD", PostgresServer.PASSWORD);
        settings.put("PARLEY_DB_ERASER_USER", PostgresServer.ERASER);
        settings.put("PARLEY_DB_ERASER_PASSWORD", PostgresServer.PASSWORD);
        settings.put(
                "PARLEY_STORAGE_DIR", TemporaryFiles.folder("parley-storage").toString());
        settings.put("PARLEY_DB_MIGRATOR_USER", PostgresServer.MIGRATOR);
        settings.put("PARLEY_DB_MIGRATOR_PASSWORD", PostgresServer.PASSWORD);
        settings.put("PARLEY_KAFKA_BOOTSTRAP", KafkaBroker.shared().bootstrap());
        settings.put("PARLEY_AUTH_URL", TestTokens.authUrl());
        settings.put("PARLEY_SERVICE_SECRET", "test-secret");
        settings.put("PARLEY_MASTER_KEYSET", keyset().toString());
        settings.put("PARLEY_PUBLIC_URL", "http://127.0.0.1:8080");
        settings.put("quarkus.http.test-port", "0");
        return settings;
    }

    private static Path keyset() {
        try {
            AeadConfig.register();
            KeysetHandle keyset = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
            return Files.writeString(
                    TemporaryFiles.file("parley-keyset", ".json"),
                    TinkJsonProtoKeysetFormat.serializeKeyset(keyset, InsecureSecretKeyAccess.get()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        // Both servers serve the whole test run and end with its process.
    }
}
