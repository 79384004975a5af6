package dev.parley.channel.webhook;

import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a secret is rotated.
 *
 * @param previous whether the secrets so far still sign, for a day, or are revoked at once because somebody knows them;
 *     they sign if nothing is said
 */
public record RotateSecretRequest(
        @Nullable @Pattern(regexp = "sign|revoke", message = "must be sign or revoke") String previous) {
    private static final String REVOKE = "revoke";

    boolean revokes() {
        return REVOKE.equals(previous);
    }
}
