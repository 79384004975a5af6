package dev.parley.policy.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.tenancy.TenantId;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HoldTokensTest {
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());
    private static final UUID OPERATION = UUID.randomUUID();
    private static final HoldToken HOLD = new HoldToken(
            UUID.randomUUID(), UUID.randomUUID(), 42, Instant.parse("2026-11-21T10:00:00.123Z"), "concierge-ä", "web");

    private final KeysetHandle master = keyset();
    private final HoldTokens tokens = new HoldTokens(new SecretVault(master).mac("hold"));

    private static KeysetHandle keyset() {
        try {
            AeadConfig.register();
            return KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everyReplicaReadsWhatOneSigned() {
        String token = tokens.sign(TENANT, OPERATION, HOLD);

        HoldTokens another = new HoldTokens(new SecretVault(master).mac("hold"));
        assertThat(another.read(TENANT, OPERATION, token)).contains(HOLD);
    }

    @Test
    void itIsBoundToTenantOperationKeyAndPurpose() {
        String token = tokens.sign(TENANT, OPERATION, HOLD);

        assertThat(tokens.read(new TenantId(UUID.randomUUID()), OPERATION, token))
                .isEmpty();
        assertThat(tokens.read(TENANT, UUID.randomUUID(), token)).isEmpty();
        assertThat(new HoldTokens(new SecretVault(keyset()).mac("hold")).read(TENANT, OPERATION, token))
                .isEmpty();
        assertThat(new HoldTokens(new SecretVault(master).mac("other")).read(TENANT, OPERATION, token))
                .isEmpty();
    }

    @Test
    void noByteOfItCanBeAnother() {
        byte[] token = Base64.getUrlDecoder().decode(tokens.sign(TENANT, OPERATION, HOLD));
        for (int i = 0; i < token.length; i++) {
            byte[] changed = token.clone();
            changed[i] ^= 1;
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(changed);
            assertThat(tokens.read(TENANT, OPERATION, text)).as("byte " + i).isEmpty();
        }
    }

    @Test
    void anythingElseIsNoToken() {
        assertThat(tokens.read(TENANT, OPERATION, null)).isEmpty();
        assertThat(tokens.read(TENANT, OPERATION, OPERATION.toString())).isEmpty();
        assertThat(tokens.read(TENANT, OPERATION, "")).isEmpty();
        assertThat(tokens.read(TENANT, OPERATION, "ü".repeat(100))).isEmpty();
        assertThat(tokens.read(TENANT, OPERATION, "A".repeat(5000))).isEmpty();
    }
}
