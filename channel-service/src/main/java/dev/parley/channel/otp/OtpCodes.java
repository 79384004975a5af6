package dev.parley.channel.otp;

import com.google.crypto.tink.Mac;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.UUID;

/** Makes codes, and knows them again by an HMAC under a key of the tenant, bound to the transaction. */
@ApplicationScoped
class OtpCodes {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int CODES = 1_000_000;
    private static final String NO_CODE = "";

    private final SecretVault vault;

    OtpCodes(SecretVault vault) {
        this.vault = vault;
    }

    /** A new code of six digits. */
    String fresh() {
        return "%06d".formatted(RANDOM.nextInt(CODES));
    }

    byte[] digest(TenantId tenant, UUID otp, String reference, String code) {
        try {
            return mac(tenant).computeMac(bound(otp, reference, code));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("HMAC-SHA256 is missing", impossible);
        }
    }

    /** Whether the digest was made of these; in constant time. */
    boolean matches(TenantId tenant, byte[] digest, UUID otp, String reference, String code) {
        try {
            mac(tenant).verifyMac(digest, bound(otp, reference, code));
            return true;
        } catch (GeneralSecurityException another) {
            return false;
        }
    }

    /** What no code matches, to take as long over what is over as over what is wrong. */
    byte[] decoy(TenantId tenant, UUID otp) {
        return digest(tenant, otp, NO_CODE, NO_CODE);
    }

    private Mac mac(TenantId tenant) {
        return vault.mac("channel.otp|" + tenant);
    }

    private static byte[] bound(UUID otp, String reference, String code) {
        return (otp + "|" + code + "|" + reference).getBytes(StandardCharsets.UTF_8);
    }
}
