package dev.parley.platform.eventkey;

import com.google.crypto.tink.Aead;
import dev.parley.platform.tenancy.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Seals and opens the events of one tenant; of an erased tenant only the knowledge is left that there was a key. */
public final class EventKey {
    static final EventKey DESTROYED = new EventKey(null);

    private final @Nullable Aead aead;

    EventKey(@Nullable Aead aead) {
        this.aead = aead;
    }

    /** Whether the tenant is erased: what was sealed for it can never be read again, and nothing is sealed any more. */
    public boolean destroyed() {
        return aead == null;
    }

    /** Encrypts a payload for one event: only for the same tenant, type, id and subject can it be opened. */
    public byte[] seal(TenantId tenant, String type, UUID id, String subject, byte[] payload) {
        try {
            return living().encrypt(payload, place(tenant, type, id, subject));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the event " + id + " cannot be sealed", e);
        }
    }

    /** Decrypts the payload of an event; throws {@link IllegalArgumentException} when it is not what was sealed. */
    public byte[] open(TenantId tenant, String type, UUID id, String subject, byte[] sealed) {
        try {
            return living().decrypt(sealed, place(tenant, type, id, subject));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the event is not the one that was sealed: a header or the value lies");
        }
    }

    private Aead living() {
        if (aead == null) {
            throw new IllegalStateException("the tenant is erased");
        }
        return aead;
    }

    private static byte[] place(TenantId tenant, String type, UUID id, String subject) {
        return (tenant + "|" + type + "|" + id + "|" + subject).getBytes(StandardCharsets.UTF_8);
    }
}
