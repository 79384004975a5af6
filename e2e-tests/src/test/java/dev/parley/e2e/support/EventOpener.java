package dev.parley.e2e.support;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.testing.SealedEvents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads sealed events as somebody can who has auth-service's database and the master keyset. */
public final class EventOpener {
    private final SecretVault vault = vault();
    private final Map<String, Optional<KeysetHandle>> keys = new ConcurrentHashMap<>();

    /** The payload of a tenant's record; empty when the tenant's key was destroyed. */
    public Optional<byte[]> open(ConsumerRecord<String, byte[]> message, String tenant) {
        return keys.computeIfAbsent(tenant, this::key).map(key -> SealedEvents.open(message, key));
    }

    /** The payload of a tenant's record, with a wrapped key from a backup. */
    public byte[] open(ConsumerRecord<String, byte[]> message, String tenant, byte[] wrapped) {
        return SealedEvents.open(message, vault.unwrap(wrapped, "tenant_event_key|" + tenant));
    }

    private Optional<KeysetHandle> key(String tenant) {
        return wrapped(tenant).map(wrapped -> vault.unwrap(wrapped, "tenant_event_key|" + tenant));
    }

    /** A tenant's key as auth-service stores it; empty when it has none any more. */
    public static Optional<byte[]> wrapped(String tenant) {
        try (Connection connection = DriverManager.getConnection(Stack.running().superuserUrl("parley_auth"));
                PreparedStatement statement =
                        connection.prepareStatement("select wrapped from app.tenant_event_key where tenant_id = ?")) {
            statement.setObject(1, UUID.fromString(tenant));
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.ofNullable(rows.getBytes(1)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static SecretVault vault() {
        try {
            AeadConfig.register();
            return new SecretVault(TinkJsonProtoKeysetFormat.parseKeyset(
                    Files.readString(Stack.running().dataDirectory().resolve("master-keyset.json")),
                    InsecureSecretKeyAccess.get()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
