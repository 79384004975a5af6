package dev.parley.testing;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.util.SecretBytes;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.tenancy.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Seals and opens events in tests with keys that follow from the tenant; {@link TestTokens} serves the same ones. */
public final class SealedEvents {
    private static final String SEALED = "application/vnd.parley.sealed";
    private static final int KEY_ID = 42;

    private SealedEvents() {}

    /** The event key of a tenant in tests. */
    @AccessesPartialKey
    public static KeysetHandle keyset(TenantId tenant) {
        try {
            AeadConfig.register();
            byte[] secret = MessageDigest.getInstance("SHA-256")
                    .digest(("test event key of " + tenant).getBytes(StandardCharsets.UTF_8));
            AesGcmKey key = AesGcmKey.builder()
                    .setParameters(PredefinedAeadParameters.AES256_GCM)
                    .setKeyBytes(SecretBytes.copyFrom(secret, InsecureSecretKeyAccess.get()))
                    .setIdRequirement(KEY_ID)
                    .build();
            return KeysetHandle.newBuilder()
                    .addEntry(KeysetHandle.importKey(key).withFixedId(KEY_ID).makePrimary())
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The keyset as auth-service sends it. */
    static byte[] serialized(TenantId tenant) {
        try {
            return TinkProtoKeysetFormat.serializeKeyset(keyset(tenant), InsecureSecretKeyAccess.get());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same record with its value sealed, as its headers say. */
    public static ProducerRecord<String, byte[]> sealed(ProducerRecord<String, byte[]> plain) {
        try {
            Headers headers = plain.headers();
            TenantId tenant = TenantId.of(text(headers, "ce_tenantid"));
            byte[] value = aead(keyset(tenant)).encrypt(plain.value(), place(headers));
            headers.add("content-type", SEALED.getBytes(StandardCharsets.UTF_8));
            return new ProducerRecord<>(plain.topic(), null, plain.key(), value, headers);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The payload of a record that a service under test has sent. */
    public static byte[] open(ConsumerRecord<?, byte[]> message) {
        return open(message, keyset(TenantId.of(text(message.headers(), "ce_tenantid"))));
    }

    /** The payload of a record, opened with that key. */
    public static byte[] open(ConsumerRecord<?, byte[]> message, KeysetHandle key) {
        try {
            return aead(key).decrypt(message.value(), place(message.headers()));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the record is not what its headers say", e);
        }
    }

    private static Aead aead(KeysetHandle keyset) {
        return SecretVault.aead(keyset);
    }

    private static byte[] place(Headers headers) {
        return String.join(
                        "|",
                        text(headers, "ce_tenantid"),
                        text(headers, "ce_type"),
                        text(headers, "ce_id"),
                        text(headers, "ce_subject"))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
