package dev.parley.auth.staff;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/**
 * Why individual records must be read; the tenant reads both.
 *
 * @param ticket the support case behind it
 */
public record OpenBreakGlassRequest(
        @NotBlank @Size(max = 1000) String reason,
        @NotBlank @Size(max = 200) String ticket) {}
