package dev.parley.channel.delivery;

import dev.parley.channel.adapter.OutboundPart;
import dev.parley.platform.crypto.SealedColumn;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Keeps one-time codes from everybody but the sender: what is stored of a send has a mask where the code belongs, and
 * the code lies beside it, encrypted for that send alone, until the send ends.
 */
@ApplicationScoped
class SealedCodes {
    @Produces
    static final SealedColumn CODE = SealedColumn.of("send_intent", "sealed");

    private final SecretVault vault;

    SealedCodes(SecretVault vault) {
        this.vault = vault;
    }

    byte[] sealed(Handle handle, TenantId tenant, UUID send, String code) {
        return vault.encrypt(handle, tenant, CODE, send, code.getBytes(StandardCharsets.UTF_8));
    }

    String opened(Handle handle, TenantId tenant, UUID send, byte[] sealed) {
        return new String(vault.decrypt(handle, tenant, CODE, send, sealed), StandardCharsets.UTF_8);
    }

    /** The words as their recipient reads them. */
    static OutboundPart unmasked(OutboundPart part, String code) {
        if (!(part instanceof OutboundPart.Text text)) {
            throw new IllegalStateException("a code is sent in words");
        }
        return new OutboundPart.Text(text.text().replace(DeliveryService.MASK, code), text.buttons());
    }
}
