package dev.parley.auth.login;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * An e-mail address and its password.
 *
 * @param otp the one-time code of a person who has set up a second factor
 */
public record LoginRequest(
        @NotBlank @Size(max = 254) String email,
        @NotNull @Size(min = 1, max = 128) String password,
        @Nullable @Size(min = 1, max = 16) String otp) {
    @Override
    public String toString() {
        return "LoginRequest[…]";
    }
}
