package dev.parley.platform.crypto;

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
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.mac.HmacKey;
import com.google.crypto.tink.mac.HmacParameters;
import com.google.crypto.tink.mac.MacConfig;
import com.google.crypto.tink.util.SecretBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/** The keys that wrap all others and sign what services hand out. The operator rotates them, by their file. */
final class MasterKeyset {
    private static final int MAC_BYTES = 32;

    private final KeysetHandle keyset;
    private final Aead aead;

    MasterKeyset(KeysetHandle keyset) {
        try {
            AeadConfig.register();
            this.aead = keyset.getPrimitive(RegistryConfiguration.get(), Aead.class);
            this.keyset = keyset;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("PARLEY_MASTER_KEYSET is not an AEAD keyset", e);
        }
        if (!(keyset.getPrimary().getKey() instanceof AesGcmKey key)
                || key.getParameters().getVariant() != AesGcmParameters.Variant.TINK) {
            throw new IllegalStateException(
                    "the primary key of PARLEY_MASTER_KEYSET is not AES-GCM with Tink's prefix, which names it");
        }
    }

    static MasterKeyset read(String file) {
        try {
            AeadConfig.register();
            return new MasterKeyset(TinkJsonProtoKeysetFormat.parseKeyset(
                    Files.readString(Path.of(file)), InsecureSecretKeyAccess.get()));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("PARLEY_MASTER_KEYSET (" + file + ") cannot be read as a Tink keyset", e);
        }
    }

    /** The number of the key that wraps from now on. */
    int primary() {
        return keyset.getPrimary().getId();
    }

    byte[] wrap(KeysetHandle wrapped, String place) {
        try {
            return TinkProtoKeysetFormat.serializeEncryptedKeyset(
                    wrapped, aead, place.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key of " + place + " cannot be wrapped", e);
        }
    }

    KeysetHandle unwrap(byte[] wrapped, String place) {
        try {
            return TinkProtoKeysetFormat.parseEncryptedKeyset(wrapped, aead, place.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key of " + place + " cannot be opened with this master keyset", e);
        }
    }

    Mac mac(String purpose) {
        try {
            MacConfig.register();
            KeysetHandle.Builder derived = KeysetHandle.newBuilder();
            for (int i = 0; i < keyset.size(); i++) {
                KeysetHandle.Entry entry = keyset.getAt(i);
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
        return HmacKey.builder()
                .setParameters(HmacParameters.builder()
                        .setKeySizeBytes(MAC_BYTES)
                        .setTagSizeBytes(MAC_BYTES)
                        .setHashType(HmacParameters.HashType.SHA256)
                        .setVariant(HmacParameters.Variant.TINK)
                        .build())
                .setKeyBytes(SecretBytes.copyFrom(Derived.from(entry, purpose), InsecureSecretKeyAccess.get()))
                .setIdRequirement(entry.getId())
                .build();
    }
}
