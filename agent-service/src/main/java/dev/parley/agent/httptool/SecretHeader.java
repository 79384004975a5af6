package dev.parley.agent.httptool;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Locale;
import java.util.Set;

/**
 * A header by which the tenant's server knows that we call.
 *
 * @param value kept encrypted and never shown again
 */
public record SecretHeader(
        @NotNull @Pattern(regexp = "[A-Za-z][A-Za-z0-9-]{0,63}")
        String name,

        @NotNull @Size(min = 8, max = 4096) @Pattern(regexp = "[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?")
        String value) {
    private static final Set<String> OURS = Set.of(
            "host",
            "connection",
            "content-type",
            "content-length",
            "transfer-encoding",
            "te",
            "trailer",
            "upgrade",
            "expect",
            "keep-alive",
            "proxy-authorization",
            "proxy-connection",
            "accept",
            "user-agent",
            "idempotency-key");

    /** Whether the call itself needs a header of that name. */
    boolean isOurs() {
        return OURS.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Names the header and never its value. */
    @Override
    public String toString() {
        return "SecretHeader[" + name + "]";
    }
}
