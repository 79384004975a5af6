package dev.parley.platform.crypto;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Mac;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.mac.HmacKey;
import com.google.crypto.tink.mac.HmacParameters;
import com.google.crypto.tink.mac.MacConfig;
import com.google.crypto.tink.subtle.Hkdf;
import com.google.crypto.tink.util.SecretBytes;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jdbi.v3.core.Handle;

/**
 * Encrypts what tenants entrust to us (tokens, provider keys): AES-256-GCM under a data key per tenant, which is
 * wrapped by the master keyset. Tenant, table, column and row are authenticated with it, so a ciphertext that is
 * moved elsewhere does not decrypt; destroying the tenant's data key destroys its secrets.
 */
@ApplicationScoped
public class SecretVault {
    private static final int MAC_BYTES = 32;
    private static final int FILE_KEY_BYTES = 32;

    private final Aead master;
    private final KeysetHandle masterKeyset;
    private final Cache<TenantId, DataKey> dataKeys = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofMinutes(10))
            .build();

    @Inject
    SecretVault(@ConfigProperty(name = "parley.master-keyset") String keysetFile) {
        this(read(keysetFile));
    }

    /** Made by hand in tests, with a master keyset. */
    public SecretVault(KeysetHandle masterKeyset) {
        try {
            AeadConfig.register();
            this.master = masterKeyset.getPrimitive(RegistryConfiguration.get(), Aead.class);
            this.masterKeyset = masterKeyset;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("PARLEY_MASTER_KEYSET is not an AEAD keyset", e);
        }
    }

    private static KeysetHandle read(String file) {
        try {
            AeadConfig.register();
            return TinkJsonProtoKeysetFormat.parseKeyset(
                    Files.readString(Path.of(file)), InsecureSecretKeyAccess.get());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("PARLEY_MASTER_KEYSET (" + file + ") cannot be read as a Tink keyset", e);
        }
    }

    /** Encrypts a secret for one place; the tenant's data key is made at first use, in this transaction. */
    public byte[] encrypt(Handle handle, TenantId tenant, String table, String column, UUID row, byte[] secret) {
        try {
            return dataKey(handle, tenant).secrets().encrypt(secret, place(tenant, table, column, row));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the secret cannot be encrypted", e);
        }
    }

    /** As {@link #encrypt}, without a transaction: empty when the tenant's data key is not at hand. */
    public Optional<byte[]> encryptIfOpen(TenantId tenant, String table, String column, UUID row, byte[] secret) {
        DataKey known = dataKeys.getIfPresent(tenant);
        if (known == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(known.secrets().encrypt(secret, place(tenant, table, column, row)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the secret cannot be encrypted", e);
        }
    }

    /** Decrypts a secret of that place; fails when it was made for another one. */
    public byte[] decrypt(Handle handle, TenantId tenant, String table, String column, UUID row, byte[] ciphertext) {
        try {
            return dataKey(handle, tenant).secrets().decrypt(ciphertext, place(tenant, table, column, row));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the secret of " + table + "." + column + " cannot be decrypted", e);
        }
    }

    /** As {@link #decrypt}, without a transaction: empty when the tenant's data key is not at hand. */
    public Optional<byte[]> decryptIfOpen(TenantId tenant, String table, String column, UUID row, byte[] ciphertext) {
        DataKey known = dataKeys.getIfPresent(tenant);
        if (known == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(known.secrets().decrypt(ciphertext, place(tenant, table, column, row)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the secret of " + table + "." + column + " cannot be decrypted", e);
        }
    }

    /** What seals a tenant's files, of any length and without holding them; made from its data key. */
    public FileKey fileKey(Handle handle, TenantId tenant) {
        try {
            return dataKey(handle, tenant).files();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the data key of tenant " + tenant + " cannot be opened", e);
        }
    }

    /** Forgets the opened data key of a tenant whose wrapped one is destroyed. */
    public void forget(TenantId tenant) {
        dataKeys.invalidate(tenant);
    }

    /** Wraps a keyset with the master keyset, bound to its place, for example {@code tenant_event_key|<tenant>}. */
    public byte[] wrap(KeysetHandle keyset, String place) {
        try {
            return TinkProtoKeysetFormat.serializeEncryptedKeyset(
                    keyset, master, place.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key of " + place + " cannot be wrapped", e);
        }
    }

    /** Opens what {@link #wrap} made for that place. */
    public KeysetHandle unwrap(byte[] wrapped, String place) {
        try {
            return TinkProtoKeysetFormat.parseEncryptedKeyset(wrapped, master, place.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key of " + place + " cannot be opened with this master keyset", e);
        }
    }

    /**
     * Signs and checks what this service hands out and gets back, for one purpose: HMAC-SHA256 under keys derived from
     * the master keyset, so every replica has them and a rotation of that keyset rotates them too.
     */
    public Mac mac(String purpose) {
        try {
            MacConfig.register();
            KeysetHandle.Builder derived = KeysetHandle.newBuilder();
            for (int i = 0; i < masterKeyset.size(); i++) {
                KeysetHandle.Entry entry = masterKeyset.getAt(i);
                KeysetHandle.Builder.Entry key =
                        KeysetHandle.importKey(derive(entry, purpose)).setStatus(entry.getStatus());
                derived.addEntry(entry.isPrimary() ? key.makePrimary() : key);
            }
            return derived.build().getPrimitive(RegistryConfiguration.get(), Mac.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no key for " + purpose + " can be derived from PARLEY_MASTER_KEYSET", e);
        }
    }

    @AccessesPartialKey
    private static HmacKey derive(KeysetHandle.Entry entry, String purpose) throws GeneralSecurityException {
        if (!(entry.getKey() instanceof AesGcmKey source)) {
            throw new GeneralSecurityException("the master keyset has a key that is not AES-GCM");
        }
        byte[] bytes = Hkdf.computeHkdf(
                "HMACSHA256",
                source.getKeyBytes().toByteArray(InsecureSecretKeyAccess.get()),
                new byte[0],
                purpose.getBytes(StandardCharsets.UTF_8),
                MAC_BYTES);
        return HmacKey.builder()
                .setParameters(HmacParameters.builder()
                        .setKeySizeBytes(MAC_BYTES)
                        .setTagSizeBytes(MAC_BYTES)
                        .setHashType(HmacParameters.HashType.SHA256)
                        .setVariant(HmacParameters.Variant.TINK)
                        .build())
                .setKeyBytes(SecretBytes.copyFrom(bytes, InsecureSecretKeyAccess.get()))
                .setIdRequirement(entry.getId())
                .build();
    }

    /** What encrypts with an AEAD keyset. */
    public static Aead aead(KeysetHandle keyset) {
        try {
            return keyset.getPrimitive(RegistryConfiguration.get(), Aead.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("not an AEAD keyset", e);
        }
    }

    private DataKey dataKey(Handle handle, TenantId tenant) throws GeneralSecurityException {
        DataKey known = dataKeys.getIfPresent(tenant);
        if (known != null) {
            return known;
        }
        Optional<byte[]> wrapped = wrapped(handle, tenant);
        if (wrapped.isEmpty()) {
            KeysetHandle fresh = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
            handle.createUpdate("""
                insert into tenant_data_key (tenant_id, wrapped) values (:tenant, :wrapped)
                on conflict do nothing
                """)
                    .bind("tenant", tenant.value())
                    .bind("wrapped", TinkProtoKeysetFormat.serializeEncryptedKeyset(fresh, master, keyPlace(tenant)))
                    .execute();
            wrapped = wrapped(handle, tenant);
        } else {
            DataKey opened = open(tenant, wrapped.get());
            dataKeys.put(tenant, opened);
            return opened;
        }
        return open(tenant, wrapped.orElseThrow());
    }

    @AccessesPartialKey
    private DataKey open(TenantId tenant, byte[] wrapped) throws GeneralSecurityException {
        KeysetHandle keyset = TinkProtoKeysetFormat.parseEncryptedKeyset(wrapped, master, keyPlace(tenant));
        if (!(keyset.getPrimary().getKey() instanceof AesGcmKey source)) {
            throw new GeneralSecurityException("the data key of tenant " + tenant + " is not AES-GCM");
        }
        byte[] files = Hkdf.computeHkdf(
                "HMACSHA256",
                source.getKeyBytes().toByteArray(InsecureSecretKeyAccess.get()),
                new byte[0],
                "files".getBytes(StandardCharsets.UTF_8),
                FILE_KEY_BYTES);
        return new DataKey(aead(keyset), new FileKey(files));
    }

    private static Optional<byte[]> wrapped(Handle handle, TenantId tenant) {
        return handle.createQuery("select wrapped from tenant_data_key where tenant_id = :tenant")
                .bind("tenant", tenant.value())
                .mapTo(byte[].class)
                .findOne();
    }

    private static byte[] keyPlace(TenantId tenant) {
        return ("tenant_data_key|" + tenant).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] place(TenantId tenant, String table, String column, UUID row) {
        return (tenant + "|" + table + "|" + column + "|" + row).getBytes(StandardCharsets.UTF_8);
    }

    private record DataKey(Aead secrets, FileKey files) {}
}
