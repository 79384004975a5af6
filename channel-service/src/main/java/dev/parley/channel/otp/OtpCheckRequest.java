package dev.parley.channel.otp;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * What somebody typed.
 *
 * @param reference the transaction for which it was typed
 */
public record OtpCheckRequest(
        @NotNull @Pattern(regexp = "[0-9]{6}", message = "must be six digits")
        String code,

        @NotBlank @Size(max = 128) String reference) {
    /** Without the code, which may be right. */
    @Override
    public String toString() {
        return "OtpCheckRequest[]";
    }
}
