package dev.parley.auth.login;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

/** An e-mail address and its password. */
public record LoginRequest(
        @NotBlank @Size(max = 254) String email,
        @NotNull @Size(min = 1, max = 128) String password) {
    @Override
    public String toString() {
        return "LoginRequest[…]";
    }
}
