package dev.parley.auth.invitation;

import dev.parley.auth.identity.ValidEmail;
import dev.parley.auth.member.Role;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

/** Whom to invite, and with which role. */
public record CreateInvitationRequest(
        @NotBlank @ValidEmail String email,

        @NotNull @Pattern(regexp = Role.WORDS, message = "must be owner, admin or member")
        String role) {}
