package dev.parley.platform.crypto;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.parley.platform.tenancy.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A tenant's data key, opened: the newest key, and older ones as long as something may be encrypted under them. */
final class DataKey {
    private final TenantId tenant;
    private final KeysetHandle keyset;
    private final Aead aead;
    private final SequencedMap<Integer, FileKey> files;

    DataKey(TenantId tenant, KeysetHandle keyset) {
        this.tenant = tenant;
        this.keyset = keyset;
        this.aead = SecretVault.aead(keyset);
        this.files = files(keyset);
    }

    static KeysetHandle fresh() {
        try {
            return KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no AES-256-GCM in this JDK", e);
        }
    }

    KeysetHandle keyset() {
        return keyset;
    }

    byte[] encrypt(SealedColumn column, UUID row, byte[] secret) {
        try {
            return aead.encrypt(secret, place(column, row));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the secret cannot be encrypted", e);
        }
    }

    byte[] decrypt(SealedColumn column, UUID row, byte[] ciphertext) {
        try {
            return aead.decrypt(ciphertext, place(column, row));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the secret of " + column + " cannot be decrypted", e);
        }
    }

    /** Whether the key that a ciphertext names is among these. */
    boolean knows(byte[] ciphertext) {
        OptionalInt key = KeyName.in(ciphertext);
        return key.isPresent() && files.containsKey(key.getAsInt());
    }

    /** The key for files sealed under that one, null for the oldest; null when it is not among these. */
    @Nullable
    FileKey file(@Nullable Integer key) {
        return key == null ? files.firstEntry().getValue() : files.get(key);
    }

    int oldest() {
        return files.firstEntry().getKey();
    }

    int newest() {
        return keyset.getPrimary().getId();
    }

    /** All but the newest. */
    List<Integer> retired() {
        return files.keySet().stream().filter(key -> key != newest()).toList();
    }

    /** These keys and a new one, which is used from now on. */
    KeysetHandle grown() {
        try {
            return KeysetHandle.newBuilder(keyset)
                    .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                            .withRandomId()
                            .makePrimary())
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the data key of tenant " + tenant + " cannot be rotated", e);
        }
    }

    /**
     * Those that were found unused once. They stand behind the newest, so they are not the oldest and writers of files
     * do not get them.
     */
    Set<Integer> aside() {
        Set<Integer> aside = new HashSet<>(retired());
        for (int i = 0; i < keyset.size(); i++) {
            aside.remove(keyset.getAt(i).getId());
            if (keyset.getAt(i).isPrimary()) {
                break;
            }
        }
        return aside;
    }

    /** These keys, with some of the older ones put aside. */
    KeysetHandle withAside(Set<Integer> unused) {
        try {
            KeysetHandle.Builder moved = KeysetHandle.newBuilder(without(unused));
            for (int i = 0; i < keyset.size(); i++) {
                KeysetHandle.Entry entry = keyset.getAt(i);
                if (unused.contains(entry.getId())) {
                    moved.addEntry(KeysetHandle.importKey(entry.getKey())
                            .withFixedId(entry.getId())
                            .setStatus(entry.getStatus()));
                }
            }
            return moved.build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("old data keys of tenant " + tenant + " cannot be put aside", e);
        }
    }

    /** The newest key, and those of the others that are still in use. */
    KeysetHandle without(Set<Integer> gone) {
        try {
            KeysetHandle.Builder kept = KeysetHandle.newBuilder(keyset);
            for (int i = keyset.size() - 1; i >= 0; i--) {
                if (gone.contains(keyset.getAt(i).getId())) {
                    kept.deleteAt(i);
                }
            }
            return kept.build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("old data keys of tenant " + tenant + " cannot be taken away", e);
        }
    }

    private static SequencedMap<Integer, FileKey> files(KeysetHandle keyset) {
        SequencedMap<Integer, FileKey> files = new LinkedHashMap<>();
        for (int i = 0; i < keyset.size(); i++) {
            files.put(keyset.getAt(i).getId(), file(keyset.getAt(i)));
        }
        return files;
    }

    private static FileKey file(KeysetHandle.Entry entry) {
        try {
            return new FileKey(entry.getId(), Derived.from(entry, "files"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no key for files can be derived from a data key", e);
        }
    }

    private byte[] place(SealedColumn column, UUID row) {
        return (tenant + "|" + column.table() + "|" + column.column() + "|" + row).getBytes(StandardCharsets.UTF_8);
    }
}
