package dev.parley.auth.invitation;

import dev.parley.auth.identity.SecretText;
import dev.parley.platform.tenancy.TenantId;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/** The secret of an invitation: the tenant's id, so that it is looked up inside that tenant, and 256 random bits. */
record InvitationToken(TenantId tenant, String text) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SECRET_BYTES = 32;
    private static final int LENGTH = 2 * Long.BYTES + SECRET_BYTES;

    static InvitationToken create(TenantId tenant) {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        byte[] whole = ByteBuffer.allocate(LENGTH)
                .putLong(tenant.value().getMostSignificantBits())
                .putLong(tenant.value().getLeastSignificantBits())
                .put(secret)
                .array();
        return new InvitationToken(
                tenant, Base64.getUrlEncoder().withoutPadding().encodeToString(whole));
    }

    static Optional<InvitationToken> parse(String text) {
        try {
            byte[] whole = Base64.getUrlDecoder().decode(text);
            if (whole.length != LENGTH) {
                return Optional.empty();
            }
            ByteBuffer bytes = ByteBuffer.wrap(whole);
            return Optional.of(new InvitationToken(new TenantId(new UUID(bytes.getLong(), bytes.getLong())), text));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    byte[] sha256() {
        return new SecretText(text).sha256();
    }

    @Override
    public String toString() {
        return "InvitationToken[tenant=" + tenant + "]";
    }
}
