package dev.parley.channel.delivery;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

/**
 * What people found out about a send that may have arrived or not.
 *
 * @param as {@code sent}: it arrived; {@code resend}: it did not, so it is sent again
 */
public record ResolutionRequest(
        @NotNull @Pattern(regexp = "sent|resend", message = "must be sent or resend")
        String as) {}
