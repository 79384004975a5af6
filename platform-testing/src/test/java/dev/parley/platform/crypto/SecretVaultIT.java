package dev.parley.platform.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SecretVaultIT {
    private static final TenantId A = new TenantId(UUID.randomUUID());
    private static final TenantId B = new TenantId(UUID.randomUUID());
    private static final UUID ROW = UUID.randomUUID();
    private static final byte[] SECRET = "bot-token".getBytes(StandardCharsets.UTF_8);
    private static final SealedColumn TOKEN = SealedColumn.of("account", "token");
    private static Database database;
    private static SecretVault vault;
    private static byte[] ciphertext;

    @BeforeAll
    static void create() throws Exception {
        database = TestDatabase.create("secret_vault_it", 2);
        AeadConfig.register();
        vault = new SecretVault(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM));
        ciphertext = database.inTenant(A, handle -> vault.encrypt(handle, A, TOKEN, ROW, SECRET));
        database.inTenant(B, handle -> vault.encrypt(handle, B, TOKEN, ROW, SECRET));
    }

    @Test
    void aSecretComesBackAtItsPlace() {
        byte[] secret = database.inTenant(A, handle -> vault.decrypt(handle, A, TOKEN, ROW, ciphertext));

        assertThat(secret).isEqualTo(SECRET);
        assertThat(new String(ciphertext, StandardCharsets.ISO_8859_1)).doesNotContain("bot-token");
    }

    @Test
    void aSecretMovedElsewhereDoesNotDecrypt() {
        assertThatThrownBy(() -> database.inTenant(B, handle -> vault.decrypt(handle, B, TOKEN, ROW, ciphertext)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() ->
                        database.inTenant(A, handle -> vault.decrypt(handle, A, TOKEN, UUID.randomUUID(), ciphertext)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> database.inTenant(
                        A, handle -> vault.decrypt(handle, A, SealedColumn.of("account", "secret"), ROW, ciphertext)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void withoutTheTenantsDataKeyItsSecretsAreGone() {
        SecretVault afterRestart = database.inTenant(A, handle -> {
            KeysetHandle other = fresh();
            return new SecretVault(other);
        });

        assertThatThrownBy(
                        () -> database.inTenant(A, handle -> afterRestart.decrypt(handle, A, TOKEN, ROW, ciphertext)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aKeyOfATransactionThatIsRolledBackIsNotRemembered() {
        TenantId tenant = new TenantId(UUID.randomUUID());
        assertThatThrownBy(() -> database.inTenant(tenant, handle -> {
                    vault.encrypt(handle, tenant, TOKEN, ROW, SECRET);
                    vault.encrypt(handle, tenant, TOKEN, ROW, SECRET);
                    throw new UnsupportedOperationException("rolled back");
                }))
                .isInstanceOf(UnsupportedOperationException.class);

        byte[] sealed = database.inTenant(tenant, handle -> vault.encrypt(handle, tenant, TOKEN, ROW, SECRET));
        vault.forget(tenant);

        byte[] secret = database.inTenant(tenant, handle -> vault.decrypt(handle, tenant, TOKEN, ROW, sealed));
        assertThat(secret).isEqualTo(SECRET);
    }

    @Test
    void aMasterKeyWhoseCiphertextsDoNotNameItIsRefused() throws Exception {
        AesGcmParameters unnamed = AesGcmParameters.builder()
                .setKeySizeBytes(32)
                .setIvSizeBytes(12)
                .setTagSizeBytes(16)
                .setVariant(AesGcmParameters.Variant.NO_PREFIX)
                .build();
        KeysetHandle keyset = KeysetHandle.generateNew(unnamed);

        assertThatThrownBy(() -> new SecretVault(keyset))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("PARLEY_MASTER_KEYSET is not AES-GCM with Tink's prefix");
    }

    @Test
    void aFileComesBackAtItsPlaceAndNowhereElse() throws Exception {
        byte[] content = new byte[200_000];
        new Random(7).nextBytes(content);
        FileKey key = database.inTenant(A, handle -> vault.fileKey(handle, A));
        byte[] sealed = sealed(key, content);

        assertThat(key.opening("a/media/1", new ByteArrayInputStream(sealed)).readAllBytes())
                .isEqualTo(content);
        FileKey again = database.inTenant(A, handle -> vault.fileKey(handle, A));
        assertThat(again.opening("a/media/1", new ByteArrayInputStream(sealed)).readAllBytes())
                .isEqualTo(content);
        FileKey others = database.inTenant(B, handle -> vault.fileKey(handle, B));
        assertThatThrownBy(() -> others.opening("a/media/1", new ByteArrayInputStream(sealed))
                        .readAllBytes())
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> key.opening("a/media/2", new ByteArrayInputStream(sealed))
                        .readAllBytes())
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> key.opening("a/media/1", new ByteArrayInputStream(sealed, 0, 131_072))
                        .readAllBytes())
                .isInstanceOf(IOException.class);
    }

    private static byte[] sealed(FileKey key, byte[] content) throws IOException {
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        try (OutputStream sealing = key.sealing("a/media/1", sealed)) {
            sealing.write(content);
        }
        return sealed.toByteArray();
    }

    private static KeysetHandle fresh() {
        try {
            return KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
