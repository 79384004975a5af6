package dev.parley.billing.lifecycle;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;

/** The payment provider at which a tenant shall go on. */
record ProviderMoveRequest(
        @NotBlank @Size(max = 32) String provider,
        @NotBlank @Size(max = 500) String reason) {}
