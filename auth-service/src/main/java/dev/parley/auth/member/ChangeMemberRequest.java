package dev.parley.auth.member;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

/** The role that a member shall have. */
public record ChangeMemberRequest(
        @NotNull @Pattern(regexp = Role.WORDS, message = "must be owner, admin or member")
        String role) {}
