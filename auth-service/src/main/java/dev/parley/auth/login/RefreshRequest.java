package dev.parley.auth.login;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** A refresh token, to be exchanged or ended. */
public record RefreshRequest(@NotBlank @Size(max = 16384) String refreshToken) {
    @Override
    public String toString() {
        return "RefreshRequest[…]";
    }
}
