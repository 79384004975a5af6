package dev.parley.channel.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.crypto.SealedColumn;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Encrypts accounts' credentials, each column and row with its own context. */
@ApplicationScoped
class AccountVault {
    @Produces
    static final SealedColumn CURRENT = SealedColumn.of("channel_account", "credentials");

    @Produces
    static final SealedColumn PREVIOUS = SealedColumn.of("channel_account", "previous_credentials");

    private static final TypeReference<Map<String, String>> CREDENTIALS = new TypeReference<>() {};

    private final SecretVault vault;
    private final ObjectMapper json;

    AccountVault(SecretVault vault, ObjectMapper json) {
        this.vault = vault;
        this.json = json;
    }

    byte[] sealed(Handle handle, TenantId tenant, UUID account, Map<String, String> credentials) {
        return sealed(handle, tenant, CURRENT, account, credentials);
    }

    byte[] sealedPrevious(Handle handle, TenantId tenant, UUID account, Map<String, String> credentials) {
        return sealed(handle, tenant, PREVIOUS, account, credentials);
    }

    private byte[] sealed(
            Handle handle, TenantId tenant, SealedColumn column, UUID account, Map<String, String> credentials) {
        try {
            return vault.encrypt(handle, tenant, column, account, json.writeValueAsBytes(credentials));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("texts are always serializable", impossible);
        }
    }

    Map<String, String> opened(Handle handle, TenantId tenant, ChannelAccount account) {
        return opened(handle, tenant, CURRENT, account.id(), account.credentials());
    }

    /** The credentials before; the account must have them. */
    Map<String, String> openedPrevious(Handle handle, TenantId tenant, ChannelAccount account) {
        return opened(handle, tenant, PREVIOUS, account.id(), account.previousCredentials());
    }

    private Map<String, String> opened(
            Handle handle, TenantId tenant, SealedColumn column, UUID account, byte[] sealed) {
        try {
            return json.readValue(vault.decrypt(handle, tenant, column, account, sealed), CREDENTIALS);
        } catch (IOException malformed) {
            throw new IllegalStateException("the credentials of a channel cannot be read", malformed);
        }
    }
}
