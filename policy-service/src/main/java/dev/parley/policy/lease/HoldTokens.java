package dev.parley.policy.lease;

import com.google.crypto.tink.Mac;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Names holds so that any replica can end them: what the hold is, signed for its tenant and operation. Every replica
 * has the key, because it is derived from the master keyset.
 */
@ApplicationScoped
public class HoldTokens {
    private static final byte VERSION = 1;
    private static final int TAG = 37;
    private static final int FIXED = 1 + 16 + 16 + 8 + 8 + 2;
    private static final int LONGEST = 1000;

    private final Mac mac;

    @Inject
    HoldTokens(SecretVault vault) {
        this(vault.mac("policy-service hold"));
    }

    /** Made by hand in tests, with a key. */
    public HoldTokens(Mac mac) {
        this.mac = mac;
    }

    /** The name of a hold. */
    public String sign(TenantId tenant, UUID operation, HoldToken hold) {
        byte[] agent = hold.agent().getBytes(StandardCharsets.UTF_8);
        byte[] channel = hold.channel().getBytes(StandardCharsets.UTF_8);
        ByteBuffer said = ByteBuffer.allocate(FIXED + agent.length + channel.length);
        put(put(said.put(VERSION), hold.decision()), hold.lease())
                .putLong(hold.credits())
                .putLong(hold.expiresAt().toEpochMilli())
                .putShort((short) agent.length)
                .put(agent)
                .put(channel);
        try {
            byte[] tag = mac.computeMac(signed(tenant, operation, said.array()));
            byte[] token = Arrays.copyOf(tag, tag.length + said.capacity());
            System.arraycopy(said.array(), 0, token, tag.length, said.capacity());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the hold cannot be signed", e);
        }
    }

    /** What a name says; empty when it is not one of ours for this tenant and operation. */
    public Optional<HoldToken> read(TenantId tenant, UUID operation, @Nullable String token) {
        if (token == null || token.length() <= FIXED || token.length() > LONGEST) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token);
            byte[] said = Arrays.copyOfRange(bytes, Math.min(TAG, bytes.length), bytes.length);
            mac.verifyMac(Arrays.copyOf(bytes, Math.min(TAG, bytes.length)), signed(tenant, operation, said));
            return Optional.of(parse(ByteBuffer.wrap(said)));
        } catch (GeneralSecurityException | IllegalArgumentException | BufferUnderflowException foreign) {
            return Optional.empty();
        }
    }

    private static HoldToken parse(ByteBuffer said) {
        if (said.get() != VERSION) {
            throw new IllegalArgumentException("made by another version");
        }
        UUID decision = uuid(said);
        UUID lease = uuid(said);
        long credits = said.getLong();
        Instant expiresAt = Instant.ofEpochMilli(said.getLong());
        byte[] agent = new byte[said.getShort()];
        said.get(agent);
        byte[] channel = new byte[said.remaining()];
        said.get(channel);
        return new HoldToken(
                decision,
                lease,
                credits,
                expiresAt,
                new String(agent, StandardCharsets.UTF_8),
                new String(channel, StandardCharsets.UTF_8));
    }

    private static byte[] signed(TenantId tenant, UUID operation, byte[] said) {
        ByteBuffer all = ByteBuffer.allocate(16 + 16 + said.length);
        return put(put(all, tenant.value()), operation).put(said).array();
    }

    private static ByteBuffer put(ByteBuffer buffer, UUID id) {
        return buffer.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    private static UUID uuid(ByteBuffer buffer) {
        return new UUID(buffer.getLong(), buffer.getLong());
    }
}
