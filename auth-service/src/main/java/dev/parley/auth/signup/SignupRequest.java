package dev.parley.auth.signup;

import dev.parley.auth.identity.ValidEmail;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** What a newcomer fills in. */
@StrongPassword
public record SignupRequest(
        @NotBlank @ValidEmail String email,
        String password,
        @NotBlank @Size(max = 100) String name,
        @NotBlank @Size(max = 200) String organization) {
    @Override
    public String toString() {
        return "SignupRequest[…]";
    }
}
