package dev.parley.local;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Properties;
import java.util.TreeMap;

/** Passwords and keys of one stack: made at random when first asked for, then kept in its data directory. */
final class Secrets {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int LENGTH = 32;

    private final DataDirectory data;
    private final SecureRandom random = new SecureRandom();
    private final TreeMap<String, String> values = new TreeMap<>();
    private final java.util.concurrent.locks.ReentrantLock lock = new java.util.concurrent.locks.ReentrantLock();

    Secrets(DataDirectory data) {
        this.data = data;
        if (Files.exists(data.secrets())) {
            Properties stored = new Properties();
            try (var reader = Files.newBufferedReader(data.secrets())) {
                stored.load(reader);
            } catch (IOException e) {
                throw new StackFailure(data.secrets() + " cannot be read", e);
            }
            stored.stringPropertyNames().forEach(name -> values.put(name, stored.getProperty(name)));
        }
    }

    /** The secret of this name: 32 letters and digits. */
    String get(String name) {
        lock.lock();
        try {
            String known = values.get(name);
            if (known != null) {
                return known;
            }
            String made = random.ints(LENGTH, 0, ALPHABET.length())
                    .collect(
                            StringBuilder::new,
                            (text, index) -> text.append(ALPHABET.charAt(index)),
                            StringBuilder::append)
                    .toString();
            values.put(name, made);
            StringBuilder content = new StringBuilder();
            values.forEach((key, value) ->
                    content.append(key).append('=').append(value).append('\n'));
            DataDirectory.writeSecret(data.secrets(), content.toString());
            return made;
        } finally {
            lock.unlock();
        }
    }

    /** The Tink AES-256-GCM keyset that wraps every tenant's data key, as a file that only its owner can read. */
    Path masterKeyset() {
        lock.lock();
        try {
            if (!Files.exists(data.masterKeyset())) {
                AeadConfig.register();
                KeysetHandle keyset = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
                DataDirectory.writeSecret(
                        data.masterKeyset(),
                        TinkJsonProtoKeysetFormat.serializeKeyset(keyset, InsecureSecretKeyAccess.get()));
            }
            return data.masterKeyset();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no AES-256-GCM in this JDK", e);
        } finally {
            lock.unlock();
        }
    }
}
