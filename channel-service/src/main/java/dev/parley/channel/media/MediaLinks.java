package dev.parley.channel.media;

import com.google.crypto.tink.Mac;
import dev.parley.channel.account.AccountConfig;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/** Addresses by which a messenger fetches something of ours without a credential, for as long as they are good. */
@ApplicationScoped
public class MediaLinks {
    private static final String PATH = "/files/";
    private static final int NAMED = 4 * Long.BYTES + Long.BYTES;

    private final Mac mac;
    private final AccountConfig accounts;
    private final MediaConfig config;
    private final Clock clock;

    MediaLinks(SecretVault vault, AccountConfig accounts, MediaConfig config, Clock clock) {
        this.mac = vault.mac("media-link");
        this.accounts = accounts;
        this.config = config;
        this.clock = clock;
    }

    /** An address of something for a messenger. */
    public String to(TenantId tenant, UUID id) {
        byte[] named = ByteBuffer.allocate(NAMED)
                .putLong(tenant.value().getMostSignificantBits())
                .putLong(tenant.value().getLeastSignificantBits())
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .putLong(clock.instant().plus(config.link()).getEpochSecond())
                .array();
        try {
            byte[] tag = mac.computeMac(named);
            byte[] token =
                    ByteBuffer.allocate(NAMED + tag.length).put(named).put(tag).array();
            return accounts.publicUrl()
                    + PATH
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(token);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an address cannot be signed", e);
        }
    }

    /** What an address of ours names; empty when it is none, or not good any more. */
    Optional<Linked> read(String token) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
        if (bytes.length <= NAMED) {
            return Optional.empty();
        }
        byte[] named = Arrays.copyOf(bytes, NAMED);
        try {
            mac.verifyMac(Arrays.copyOfRange(bytes, NAMED, bytes.length), named);
        } catch (GeneralSecurityException notOurs) {
            return Optional.empty();
        }
        ByteBuffer read = ByteBuffer.wrap(named);
        TenantId tenant = new TenantId(new UUID(read.getLong(), read.getLong()));
        UUID id = new UUID(read.getLong(), read.getLong());
        return clock.instant().getEpochSecond() <= read.getLong()
                ? Optional.of(new Linked(tenant, id))
                : Optional.empty();
    }

    /** What an address names. */
    record Linked(TenantId tenant, UUID id) {}
}
